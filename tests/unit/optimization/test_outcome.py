"""Whether a plan paid is said with an interval, and not at all for few runs."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from airflow_provider_wfintel.engine.model import RunHistory, WorkflowRun
from airflow_provider_wfintel.engine.optimization.outcome import makespans_of, outcome_of

BEGIN = datetime(2026, 3, 1, tzinfo=timezone.utc)


def test_shorter_runs_have_paid():
    found = outcome_of([100, 102, 98, 101, 99, 100], [50, 52, 49, 51, 50])
    assert found.verdict == "paid"
    assert found.reduction == pytest.approx(0.5)
    assert 0.45 < found.low <= found.reduction <= found.high < 0.55
    assert not found.revert


def test_longer_runs_are_offered_to_be_reverted():
    found = outcome_of([50, 52, 49, 51, 50], [100, 102, 98, 101, 99])
    assert found.verdict == "did not pay"
    assert found.revert


def test_what_may_be_chance_is_not_called_a_gain():
    found = outcome_of([100, 60, 140, 90, 110], [95, 60, 135, 100, 105])
    assert found.verdict == "not clear"
    assert found.low < 0 < found.high
    assert not found.revert


@pytest.mark.parametrize(("before", "after"), [([], []), ([10.0] * 5, [5.0] * 4), ([10.0] * 4, [5.0] * 9)])
def test_for_few_runs_nothing_is_said(before, after):
    found = outcome_of(before, after)
    assert found.verdict == "too few runs"
    assert (found.runs_before, found.runs_after) == (len(before), len(after))
    assert found.reduction is None


def test_the_same_runs_have_the_same_answer():
    assert outcome_of([5, 6, 7, 8, 9], [4, 5, 6, 7, 8]) == outcome_of([5, 6, 7, 8, 9], [4, 5, 6, 7, 8])


def test_only_successful_runs_of_the_span_count():
    def run(hour: int, state: str = "success", seconds: float = 60.0) -> WorkflowRun:
        start = BEGIN + timedelta(hours=hour)
        end = start + timedelta(seconds=seconds)
        return WorkflowRun("d", f"r{hour}", state, started_at=start.isoformat(), ended_at=end.isoformat())

    history = RunHistory((run(0), run(1, "failed"), run(2, seconds=30.0), WorkflowRun("d", "r3", "running")))
    moment = (BEGIN + timedelta(hours=2)).timestamp()
    assert makespans_of(history) == [60.0, 30.0]
    assert makespans_of(history, before=moment) == [60.0]
    assert makespans_of(history, since=moment) == [30.0]
