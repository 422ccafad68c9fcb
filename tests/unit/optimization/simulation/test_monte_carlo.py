"""Many runs: a distribution, its cost, and the odds of being done in time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from airflow_provider_wfintel.engine.optimization.service import Deployment, SimulatedTask, Workload, simulate
from airflow_provider_wfintel.engine.optimization.simulation.model import quantile
from airflow_provider_wfintel.exceptions import SpecError

STEADY = Workload((SimulatedTask("a", 60),))
VARIED = Workload((SimulatedTask("a", 60, spread=0.5),))


def test_the_same_input_has_the_same_answer():
    assert simulate(VARIED) == simulate(VARIED)
    assert simulate(VARIED, seed=8) != simulate(VARIED)


def test_run_times_that_vary_widen_the_distribution():
    steady, varied = simulate(STEADY), simulate(VARIED)
    assert len(varied.makespans) == 200
    assert list(varied.makespans) == sorted(varied.makespans)
    assert steady.makespan == pytest.approx(61.5, abs=1.5)
    assert varied.makespan == pytest.approx(steady.makespan, rel=0.15)
    assert varied.p90 > 1.4 * varied.makespan > 1.4 * steady.p90 * 0.8


def test_the_odds_of_a_deadline_count_failed_runs_out():
    flaky = Workload((replace(STEADY.tasks[0], failure_rate=0.3),))
    result = simulate(flaky)
    assert result.success == pytest.approx(0.7, abs=0.1)
    assert result.odds_by(3600) == result.success
    assert result.odds_by(1) == 0
    retried = simulate(Workload((replace(flaky.tasks[0], retries=2, retry_delay=30),)))
    assert retried.success == pytest.approx(1 - 0.3**3, abs=0.05)
    assert result.odds_by(80) == result.success
    assert retried.odds_by(80) < retried.success


def test_slots_cost_what_they_are_held():
    result = simulate(STEADY, Deployment(slot_price=3.6))
    assert result.slot_seconds == pytest.approx(60.6, abs=0.5)
    assert result.cost == pytest.approx(result.slot_seconds * 0.001)


def test_large_workloads_get_fewer_runs():
    many = Workload(tuple(SimulatedTask(f"t{number}", 1) for number in range(400)))
    assert len(simulate(many).makespans) == 50
    assert len(simulate(many, runs=3).makespans) == 3


def test_quantiles_lie_between_the_values():
    assert quantile((1.0, 2.0, 4.0), 0.5) == 2
    assert quantile((1.0, 2.0), 0.25) == 1.25
    with pytest.raises(SpecError, match="no values"):
        quantile((), 0.5)
