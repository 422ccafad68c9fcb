"""Run-time values: proposed where history calls for them, kept within the limits, and predicted by simulation."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from airflow_provider_wfintel.engine.model import (
    Dependency,
    LimitSpec,
    OperatorRef,
    RetrySpec,
    RunHistory,
    TaskSpec,
    TaskTry,
    WorkflowRun,
    WorkflowSpec,
)
from airflow_provider_wfintel.engine.optimization.run_time import MEASURES, Set, with_changes
from airflow_provider_wfintel.engine.optimization.run_time.timeouts import timeout_of
from airflow_provider_wfintel.engine.optimization.simulation import Deployment, SimulatedTask, Workload
from airflow_provider_wfintel.engine.optimization.strategies import Goal, Limits
from airflow_provider_wfintel.engine.optimization.structure import (
    StructureRequest,
    analyze_structure,
    predict_structure,
)

BEGIN = datetime(2026, 3, 1, tzinfo=timezone.utc)
OPERATOR = OperatorRef("operator", "airflow.providers.standard.operators.python:PythonOperator")
ALL = frozenset({"retry-pauses", "more-retries", "timeouts"})


def spec_of(edges: str = "", names: str = "", **settings) -> WorkflowSpec:
    """A DAG of tasks with names of one letter; edges as `ab bc`."""
    letters = sorted({*names, *edges.replace(" ", "")})
    tasks = tuple(TaskSpec(name, name, "none", OPERATOR, **settings.get(name, {})) for name in letters)
    dependencies = tuple(Dependency(one, two, "code") for one, two in edges.split())
    return WorkflowSpec(
        "d", tasks=tasks, dependencies=dependencies, limits=LimitSpec(active_tasks=settings.get("slots"))
    )


def history_of(seconds: dict[str, float], *, runs: int = 12, failing: str = "") -> RunHistory:
    """Runs whose tasks follow one another; tasks of `failing` fail once in every third run."""
    tries, found = [], []
    for number in range(runs):
        clock = begin = BEGIN + timedelta(hours=number)
        for name, length in seconds.items():
            end = clock + timedelta(seconds=length)
            for at, state in (
                ((1, "failed"), (2, "success")) if name in failing and number % 3 == 0 else ((1, "success"),)
            ):
                tries.append(
                    TaskTry(
                        f"{number}{name}{at}", "d", f"r{number}", name, try_number=at, state=state,
                        started_at=clock.isoformat(), ended_at=end.isoformat(), duration=length,
                    )
                )  # fmt: skip
            clock = end + timedelta(seconds=1)
        found.append(
            WorkflowRun("d", f"r{number}", "success", started_at=begin.isoformat(), ended_at=clock.isoformat())
        )
    return RunHistory(tuple(found), tuple(tries))


def analyzed(spec, history, strategy="performance", **more):
    deployment = more.pop("deployment", None)
    return analyze_structure(spec, history, deployment=deployment, request=StructureRequest(strategy, **more))


LONG_LAST = {"a": 10.0, "b": 10.0, "c": 10.0, "d": 10.0, "e": 10.0, "f": 10.0, "z": 60.0}


def test_weights_are_set_where_a_long_task_would_start_last():
    found = analyzed(spec_of(names="abcdefz"), history_of(LONG_LAST), deployment=Deployment(parallelism=2))
    entry = found.plan.entry("p")
    weights = {name: values["priority_weight"] for name, values in entry["tasks"].items()}
    assert weights["z"] == {"set": max(item["set"] for item in weights.values()), "was": 1}
    assert found.plan.after.p90 < 0.9 * found.plan.before.p90


def test_with_slots_for_all_no_weight_is_touched():
    found = analyzed(spec_of(names="abcdefz"), history_of(LONG_LAST))
    assert found.plan.changes == ()


def test_growing_pauses_are_suggested_and_planned_once_confirmed():
    spec = spec_of("ab", a={"retry": RetrySpec(2, 300.0)})
    history = history_of({"a": 20.0, "b": 20.0}, failing="a")
    suggested = analyzed(spec, history, "reliability")
    assert [item.measure for item in suggested.plan.suggested] == ["retry-pauses", "timeouts"]
    assert suggested.plan.entry("p")["tasks"] == {}
    confirmed = analyzed(spec, history, "reliability", confirmed=ALL)
    values = confirmed.plan.entry("p")["tasks"]["a"]
    assert values["retries"]["was"] == 2
    assert values["retries"]["set"] > 2
    assert values["max_retry_delay_seconds"]["set"] == 300.0


def test_a_failing_task_without_retries_gets_some_and_the_odds_rise():
    spec = spec_of("ab", a={"retry": RetrySpec(0)})
    history = history_of({"a": 20.0, "b": 20.0}, failing="a")
    found = analyzed(spec, history, "reliability", confirmed=ALL)
    assert {item.measure for item in found.plan.changes} >= {"more-retries"}
    assert found.plan.after.success > found.plan.before.success + 0.05


def test_timeouts_leave_room_above_all_that_was_seen():
    assert timeout_of([10.0] * 9) is None
    assert timeout_of([10.0] * 10) == 60.0
    assert timeout_of([100.0] * 19 + [500.0]) == 60 * 22
    spec = spec_of("ab", b={"timeout_seconds": 30.0})
    found = analyzed(spec, history_of({"a": 50.0, "b": 20.0}), "reliability", confirmed=ALL)
    assert found.plan.entry("p")["tasks"] == {"a": {"execution_timeout_seconds": {"set": 180.0}}}


def test_a_task_that_must_not_be_repeated_is_not():
    spec = spec_of("ab", a={"retry": RetrySpec(0)})
    history = history_of({"a": 20.0, "b": 20.0}, failing="a")
    found = analyzed(spec, history, "reliability", confirmed=ALL - {"timeouts"}, limits=Limits(once=frozenset("a")))
    assert found.plan.entry("p")["tasks"] == {}
    assert [step.reason for step in found.plan.choice.left] == ["breaks a limit: task 'a' would run more than once"]


def test_a_deadline_is_judged_by_the_odds_to_keep_it():
    history = history_of({"a": 20.0, "b": 20.0})
    found = analyzed(spec_of("ab"), history, goal=Goal(1000.0)).report()["predicted"]["before"]
    assert found["odds_by_deadline"] == 1.0
    assert analyzed(spec_of("ab"), history, goal=Goal(5.0)).report()["predicted"]["before"]["odds_by_deadline"] == 0.0


def test_hybrid_names_its_picks():
    found = analyzed(
        spec_of(names="abcdefz"), history_of(LONG_LAST), "hybrid", deployment=Deployment(parallelism=2)
    ).report()
    picks = {name for point in found["pareto"] for name in point["picks"]}
    assert picks == {"fastest", "cheapest", "safest", "balanced"}


def test_a_prediction_compares_the_dag_with_and_without_the_values():
    history = history_of({"a": 20.0, "b": 20.0}, failing="a")
    spec = spec_of("ab", a={"retry": RetrySpec(3, 60.0)})
    found = predict_structure(spec, history, {"tasks": {"a": {"retries": {"set": 0}}}})
    assert found["after"]["success_odds"] < found["before"]["success_odds"]
    assert found["runs_of_history"] == 12
    same = predict_structure(spec, history, {})
    assert same["before"] == same["after"]


def test_tasks_that_never_ran_are_named():
    found = analyzed(spec_of("ab"), history_of({"a": 20.0}))
    assert found.unseen == ("b",)


def test_values_reach_the_simulated_tasks():
    workload = Workload((SimulatedTask("a", 1.0), SimulatedTask("b", 1.0)))
    changed = with_changes(workload, [Set("a", "retry_delay_seconds", 5.0), Set("a", "execution_timeout_seconds", 9.0)])
    assert changed.tasks[0].retry_delay == 5.0
    assert changed.tasks[1] == workload.tasks[1]


@pytest.mark.parametrize("measure", MEASURES, ids=lambda item: item.name)
def test_every_value_is_one_that_the_cluster_policy_can_set(measure):
    from airflow_provider_wfintel.policies.run_time_plan import TASK_FIELDS

    history = history_of(LONG_LAST, failing="a")
    deployment = Deployment(parallelism=2)
    for retry in (RetrySpec(0), RetrySpec(2, 300.0)):
        spec = spec_of(names="abcdefz", a={"retry": retry})
        found = analyzed(spec, history, "hybrid", deployment=deployment, confirmed=ALL)
        fields = {item.name: item for item in TASK_FIELDS}
        for change in measure.find(found.case).sets if measure.find(found.case) else ():
            assert fields[change.name].fits(change.value)
