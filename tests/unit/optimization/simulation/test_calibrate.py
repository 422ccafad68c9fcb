"""A deployment is fitted to its history: runs that were simulated on another one lead back to it."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from airflow_provider_wfintel.engine.model import (
    Argument,
    Dependency,
    LimitSpec,
    LiteralValue,
    MappingSpec,
    OperatorRef,
    RetrySpec,
    RunHistory,
    SecondsValue,
    TaskSpec,
    TaskTry,
    WorkflowSpec,
)
from airflow_provider_wfintel.engine.optimization.service import (
    Deployment,
    SimulatedTask,
    Workload,
    apply_profile,
    calibrate,
    fit_overheads,
    graph_of,
    profile_of,
    scaled,
    simulate,
    slots_of,
    with_weights,
    workload_of,
)
from airflow_provider_wfintel.engine.optimization.simulation.scheduler import Scheduler
from airflow_provider_wfintel.exceptions import SpecError

BEGIN = datetime(2026, 11, 1, 6, tzinfo=timezone.utc)


def chain(count, seconds):
    return Workload(tuple(SimulatedTask(f"t{n}", seconds, upstream=(f"t{n - 1}",) if n else ()) for n in range(count)))


def recorded(workload, deployment, runs):
    """A history as simulated runs of a workload would leave it, and their makespans."""
    tries, makespans = [], []
    for number in range(runs):
        outcome = Scheduler(workload, deployment).run(random.Random(number))  # noqa: S311
        makespans.append(outcome.makespan)
        begin = BEGIN + timedelta(days=number)
        for item in outcome.times:
            start, end, ready = (begin + timedelta(seconds=at) for at in (item.start, item.end, item.ready))
            tries.append(
                TaskTry(f"{item.task_id}-{number}", "d", f"r{number}", item.task_id, state="success",
                        scheduled_at=ready.isoformat(), started_at=start.isoformat(), ended_at=end.isoformat())
            )  # fmt: skip
    return RunHistory(tries=tuple(tries)), makespans


@pytest.mark.parametrize("factor", [1.0, 3.0, 8.0])
@pytest.mark.parametrize("seconds", [3.0, 5.0, 11.3])
def test_the_measured_makespan_is_met(factor, seconds):
    truth = scaled(Deployment(), factor)
    history, makespans = recorded(chain(12, seconds), truth, 9)
    found = calibrate(chain(12, 0), history, makespans=makespans)
    assert found.simulated == pytest.approx(found.measured, rel=0.04)
    assert [task.seconds for task in found.workload.tasks] == pytest.approx([seconds] * 12, abs=0.3)


def test_a_scheduler_as_expected_is_left_alone_and_a_slow_one_is_not():
    factors = []
    for factor in (1.0, 8.0):
        history, makespans = recorded(chain(12, 5), scaled(Deployment(), factor), 9)
        factors.append(calibrate(chain(12, 0), history, makespans=makespans).factor)
    assert factors[0] == 1
    assert factors[1] > 4


def test_the_makespan_of_another_layout_is_predicted():
    truth = scaled(Deployment(), 6.0)
    history, makespans = recorded(chain(12, 5), truth, 5)
    found = calibrate(chain(12, 0), history, makespans=makespans)
    fan = replace(found.workload, tasks=tuple(replace(task, upstream=()) for task in found.workload.tasks))
    real = Workload(tuple(replace(task, seconds=5.0) for task in fan.tasks))
    assert simulate(fan, found.deployment).makespan == pytest.approx(simulate(real, truth).makespan, rel=0.1)


def test_a_start_is_no_longer_than_the_shortest_task():
    truth = Deployment(start_cpu=0.2)
    fan = Workload(tuple(SimulatedTask(f"t{n}", 0.05 if n else 6) for n in range(12)))
    history, _ = recorded(fan, truth, 3)
    assert calibrate(fan, history).deployment.start_cpu == pytest.approx(0.22, abs=0.1)
    assert calibrate(chain(3, 0), recorded(chain(3, 5), truth, 3)[0]).deployment.start_cpu == Deployment().start_cpu


def test_runs_of_known_work_tell_loop_and_start_apart():
    truth = Deployment(loop_seconds=0.13, start_cpu=0.75, end_cpu=0.0)
    fan = Workload(tuple(SimulatedTask(f"t{n}") for n in range(30)))
    known = [chain(20, 0), fan, replace(fan, tasks=tuple(replace(t, seconds=5) for t in fan.tasks), max_active_tasks=8)]
    found = fit_overheads([(workload, simulate(workload, truth, runs=15).makespan) for workload in known])
    assert found.start_cpu == pytest.approx(0.75, abs=0.21)
    other = Workload(tuple(SimulatedTask(f"t{n}", 4, upstream=(f"t{n - 3}",) if n > 2 else ()) for n in range(12)))
    assert simulate(other, found).makespan == pytest.approx(simulate(other, truth).makespan, rel=0.06)


def test_overheads_cannot_be_fitted_to_nothing():
    for runs in ([], [(chain(1, 0), 0.0)]):
        with pytest.raises(SpecError, match="no measured"):
            fit_overheads(runs)


def test_a_history_without_runs_is_refused():
    with pytest.raises(SpecError, match="no run"):
        calibrate(chain(2, 1), RunHistory())


def task(name, path="m:Op", kind="operator", **more):
    return TaskSpec(name, name, "none", OperatorRef(kind, path), **more)


def sensor(name, **arguments):
    given = tuple(
        Argument(key, value if isinstance(value, SecondsValue) else LiteralValue.of(value))
        for key, value in arguments.items()
    )
    return task(name, "m:FileSensor", "sensor", arguments=given)


def test_a_spec_becomes_a_workload():
    spec = WorkflowSpec(
        "d",
        tasks=(
            task("start", "airflow.providers.standard.operators.empty:EmptyOperator"),
            task("a", retry=RetrySpec(2, 30.0, True), pool="db", priority_weight=5),
            task("m", mapping=MappingSpec("x", LiteralValue.of([1, 2]), limit=3), trigger_rule="all_done"),
            sensor("poke", poke_interval=SecondsValue(20.0)),
            sensor("re", mode="reschedule", poke_interval=15),
            sensor("defer", deferrable=True),
        ),
        dependencies=(Dependency("start", "a"), Dependency("a", "m"), Dependency("a", "m", "data")),
        limits=LimitSpec(active_tasks=4),
        retry=RetrySpec(1, None),
    )
    workload = workload_of(spec)
    found = {item.task_id: item for item in workload.tasks}
    assert [item.kind for item in workload.tasks] == ["empty", "task", "task", "poke", "reschedule", "deferrable"]
    assert (found["a"].retries, found["a"].retry_delay, found["a"].exponential) == (2, 30, True)
    assert (found["m"].retries, found["m"].retry_delay) == (1, 300)
    assert (found["m"].max_active, found["m"].trigger_rule, found["m"].upstream) == (3, "all_done", ("a",))
    assert (found["poke"].poke_interval, found["re"].poke_interval) == (20, 15)
    assert [found[name].priority_weight for name in ("start", "a", "m")] == [7, 6, 1], "summed downstream"
    assert slots_of(workload, Deployment()) == 4
    assert slots_of(replace(workload, max_active_tasks=None), Deployment()) == 16


def test_history_fills_a_workload():
    history, _ = recorded(chain(2, 8), Deployment(), 3)
    profile = profile_of(history)
    waiting = Workload(
        (SimulatedTask("t0", kind="poke", poke_interval=2), SimulatedTask("t1"), SimulatedTask("new", 3))
    )
    filled = apply_profile(waiting, profile)
    assert filled.tasks[0].seconds == 0
    assert filled.tasks[0].awaited_after == pytest.approx(7.6, abs=0.8)
    assert filled.tasks[1].seconds == pytest.approx(8, abs=0.3)
    assert filled.tasks[2] == waiting.tasks[2]
    assert graph_of(filled).seconds[0] == filled.tasks[0].awaited_after


def test_weights_replace_those_that_are_named():
    assert [item.priority_weight for item in with_weights(chain(2, 1), {"t1": 9}).tasks] == [1, 9]
