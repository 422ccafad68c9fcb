"""The joint vector: figures that are each usual, but not together."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone

from airflow_provider_wfintel.engine.model import WorkflowRun
from airflow_provider_wfintel.engine.monitoring.service import RunPoint, unusual_mix, watch_runs
from tests.unit.monitoring.anomalies.conftest import DAY, changed, quiet


def busy(number, seed=3):
    """A DAG whose duration follows its rows, over a range of four."""
    chance = random.Random(seed)  # noqa: S311
    points = []
    for index in range(number):
        rows = round(10_000 * 2 ** chance.uniform(0, 2))
        seconds = rows / 100 * 2.718281828 ** chance.gauss(0, 0.02)
        points.append(RunPoint(index * DAY, duration=seconds, rows=rows, delay=4 + chance.random()))
    return points


def test_a_mix_that_never_was_is_found():
    points = busy(120)
    odd = changed(points[-1], duration=400.0, rows=10_500)
    found = unusual_mix([*points[:-1], odd])
    assert found is not None
    assert found.kind == "unusual_mix"
    assert "seconds per row high" in found.reason


def test_usual_runs_are_not():
    points = busy(120)
    assert [unusual_mix(points[:count]) for count in (100, 110, 120)] == [None] * 3


def test_a_short_history_says_nothing():
    points = busy(60)
    assert unusual_mix([*points[:-1], changed(points[-1], duration=400.0, rows=10_500)]) is None


def test_runs_without_rows_say_nothing():
    assert unusual_mix(quiet(100)) is None


def test_a_watched_history_is_asked_for_its_last_run() -> None:
    chance = random.Random(4)  # noqa: S311
    runs, rows = [], {}
    for day in range(100):
        due = datetime(2026, 1, 1, 6, tzinfo=timezone.utc) + timedelta(days=day)
        # Fewer rows than usual in as long a time as usual: each within bounds, not together.
        size = chance.uniform(0.5, 1.5) if day < 99 else 0.5
        seconds = 600 * (size if day < 99 else 1.4) * chance.lognormvariate(0, 0.01)
        start = due + timedelta(seconds=chance.uniform(4, 6))
        moments = [item.isoformat() for item in (due, due, due, start, start + timedelta(seconds=seconds))]
        runs.append(WorkflowRun("a", f"r{day}", "success", "scheduled", *moments))
        rows[f"r{day}"] = 10_000 * size
    found = watch_runs(runs, rows=rows).findings
    assert [item.run_id for item in found if item.kind == "unusual_mix"] == ["r99"]
    assert not [item for item in watch_runs(runs[:-1], rows=rows).findings if item.kind == "unusual_mix"]
