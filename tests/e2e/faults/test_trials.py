"""A few resolution trials in a real Airflow: helped where it may be, left alone where it must be.

This is the short suite; `make trials` runs all of `trials/` and writes what came of them.
"""

from __future__ import annotations

import pytest

from tests.e2e.faults.resolve import run_trials, summary, trial_airflow
from tests.e2e.faults.trial_records import ACTING, KINDS, trials

pytestmark = [pytest.mark.e2e, pytest.mark.postgres, pytest.mark.timeout(900)]

QUICK = ("http_503", "pool_missing", "permission", "payment")


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory, postgres_server):
    """What came of the trials of the short suite."""
    chosen = [trial for trial in trials() if trial.name in QUICK]
    with trial_airflow(tmp_path_factory.mktemp("trials"), chosen) as airflow:
        return {outcome.name: outcome for outcome in run_trials(airflow, chosen)}


@pytest.mark.parametrize("name", QUICK)
def test_what_had_to_come_of_a_failure_came_of_it(outcomes, name):
    outcome = outcomes[name]
    assert outcome.good, outcome
    assert outcome.harmful == []


def test_no_remedy_acted_that_must_not(outcomes):
    assert summary(list(outcomes.values()))["harmful_actions"] == 0


def test_records_of_trials_are_whole():
    kinds = [trial.kind for trial in trials()]
    assert set(kinds) == set(KINDS)
    assert len(kinds) >= 30
    for trial in trials():
        assert set(trial.acceptable) <= set(ACTING), trial.name
        acts = trial.kind in ("resolvable", "budget", "stopped") or trial.answer in ACTING
        assert bool(trial.acceptable) == acts, trial.name
        assert bool(trial.answer) == (trial.kind == "asked"), trial.name
