"""Each kind of bottleneck is found where it is, is not found where it is not, and is ranked by what it costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from airflow_provider_wfintel.engine.model import RunHistory, TaskTry
from airflow_provider_wfintel.engine.optimization.bottlenecks import (
    DETECTORS,
    Case,
    critical_path,
    find_bottlenecks,
    slack_of,
)
from airflow_provider_wfintel.engine.optimization.simulation import (
    Deployment,
    Profile,
    SimulatedTask,
    TaskProfile,
    Workload,
    simulate,
    with_downstream_weights,
)
from tests.unit.optimization.rewrites.cases import draft_of, surroundings

BEGIN = datetime(2026, 3, 1, tzinfo=timezone.utc)


def task(name: str, seconds: float = 0.0, *upstream: str, **more) -> SimulatedTask:
    return SimulatedTask(name, seconds, upstream=upstream, **more)


def case_of(*tasks: SimulatedTask, deployment: Deployment | None = None, **more) -> Case:
    workload = Workload(with_downstream_weights(tasks), parse_seconds=more.pop("parse_seconds", 0.0))
    deployment = deployment or Deployment()
    return Case(workload, deployment, simulate(workload, deployment, runs=9), **more)


def case_of_file(body: str, **more) -> Case:
    draft = draft_of(body)
    around = surroundings(draft, **more)
    workload = draft.workload(around)
    before = simulate(workload, around.deployment, runs=9)
    return Case(workload, around.deployment, before, around.profile, dag=draft.dag, failing=around.failing)


def kinds(case: Case) -> list[str]:
    return [item.kind for item in find_bottlenecks(case)]


def one(case: Case, kind: str):
    found = [item for item in find_bottlenecks(case) if item.kind == kind]
    assert len(found) == 1, kinds(case)
    return found[0]


def seen(name: str, operator: str = "", **more) -> TaskProfile:
    values = {
        "tries": 3, "seconds": 1.0, "spread": 0.0, "recorded": 1.0, "recorded_p90": 1.0, "wait": 0.0, "retries": 0.0,
        "failure_rate": 0.0, "ends_after": 0.0, "instances": 1, "pool": "default_pool", "pool_slots": 1,
        "priority_weight": 1,
    }  # fmt: skip
    return TaskProfile(name, operator, **{**values, **more})


# -- the layout, from the file ---------------------------------------------------------------------------------------

CHAIN = """
    with DAG("d") as dag:
        last = None
        for name in ["north", "south", "east"]:
            fetch = PythonOperator(
                task_id=f"fetch_{name}", python_callable=depot.fetch, op_args=[name], op_kwargs={"pause": 20}
            )
            if last is not None:
                last >> fetch
            last = fetch
"""
BARRIER = """
    with DAG("d") as dag:
        one = PythonOperator(task_id="one", python_callable=depot.fetch, op_args=["one"], op_kwargs={"pause": 5})
        two = PythonOperator(task_id="two", python_callable=depot.fetch, op_args=["two"], op_kwargs={"pause": 60})
        middle = EmptyOperator(task_id="middle")
        long = PythonOperator(
            task_id="long", python_callable=depot.build, op_args=["long", "in_one"], op_kwargs={"pause": 60}
        )
        short = PythonOperator(
            task_id="short", python_callable=depot.build, op_args=["short", "in_two"], op_kwargs={"pause": 5}
        )
        [one, two] >> middle >> [long, short]
"""
PLAIN_PAIR = """
    with DAG("d") as dag:
        one = PythonOperator(task_id="one", python_callable=depot.fetch, op_args=["one"], op_kwargs={"pause": 30})
        two = PythonOperator(task_id="two", python_callable=depot.fetch, op_args=["two"], op_kwargs={"pause": 30})
        one >> two
"""
REPEATED = """
    with DAG("d") as dag:
        one = PythonOperator(task_id="one", python_callable=depot.fetch, op_args=["ships"], op_kwargs={"pause": 30})
        two = PythonOperator(task_id="two", python_callable=depot.fetch, op_args=["ships"], op_kwargs={"pause": 30})
        one >> two
"""
GIANT = """
    def load_all():
        for name in ["north", "south", "east", "west"]:
            depot.fetch(name, pause=10)

    with DAG("d") as dag:
        load = PythonOperator(task_id="load", python_callable=load_all)
"""


@pytest.mark.parametrize(
    ("body", "kind", "least"),
    [
        (CHAIN, "chain made by a loop", 35),
        (BARRIER, "barrier between stages", 40),
        (PLAIN_PAIR, "order without shared data", 25),
        (REPEATED, "repeated identical extract", 25),
        (GIANT, "giant task over partitions", 25),
    ],
)
def test_what_the_file_shows_is_found_and_costs_what_it_costs(body, kind, least):
    found = one(case_of_file(body), kind)
    assert least < found.saves < 70
    assert found.rewrite
    assert found.tasks


def test_orders_that_data_need_are_no_bottleneck():
    case = case_of_file("""
    with DAG("d") as dag:
        one = PythonOperator(task_id="one", python_callable=depot.fetch, op_args=["one"], op_kwargs={"pause": 30})
        two = PythonOperator(
            task_id="two", python_callable=depot.build, op_args=["two", "in_one"], op_kwargs={"pause": 30}
        )
        one >> two
    """)
    assert set(kinds(case)) == {"long task on the critical path"}


def test_a_task_that_only_carries_a_value_is_named():
    case = case_of_file("""
    with DAG("d") as dag:
        @task
        def give():
            return depot.count("in_one")

        @task
        def carry(value):
            return value

        @task
        def take(value):
            depot.note("taken", value)

        take(carry(give()))
    """)
    assert one(case, "task that only carries a value").tasks == ("carry",)


# -- what times and settings show --------------------------------------------------------------------------------------


def test_tiny_tasks_in_a_row_and_side_by_side():
    row = case_of(task("a", 0.1), task("b", 0.1, "a"), task("c", 0.1, "b"), task("d", 0.1, "c"))
    assert one(row, "many short tasks in a chain").saves > 2
    beside = case_of(task("a", 5.0), *(task(f"t{n}", 0.05, "a") for n in range(30)))
    assert one(beside, "many tiny tasks").saves > 2


def test_failing_tiny_tasks_are_not_to_be_merged():
    case = case_of(task("a", 0.1), task("b", 0.1, "a"), task("c", 0.1, "b"), failing=frozenset({"b"}))
    assert "many short tasks in a chain" not in kinds(case)


def test_a_straggler_that_gets_its_slot_last():
    small = [task(f"a{n}", 10.0) for n in range(6)]
    case = case_of(*small, task("z_long", 60.0), deployment=Deployment(parallelism=2))
    found = one(case, "straggler starts last")
    assert "z_long" in found.tasks
    assert found.saves > 5


def test_a_pool_that_is_too_small_and_one_that_is_not():
    tasks = [task(f"a{n}", 5.0, pool="narrow") for n in range(6)]
    narrow = case_of(*tasks, deployment=Deployment(pools=(("default_pool", 128), ("narrow", 1))))
    assert one(narrow, "pool too small").saves > 15
    wide = case_of(*tasks, deployment=Deployment(pools=(("default_pool", 128), ("narrow", 6))))
    assert "pool too small" not in kinds(wide)


def test_limits_on_active_tasks():
    workload = Workload(tuple(task(f"a{n}", 10.0) for n in range(8)), max_active_tasks=2)
    case = Case(workload, Deployment(), simulate(workload, runs=9))
    assert one(case, "limit on active tasks").saves > 20
    mapped = case_of(task("m", 10.0, instances=4, max_active=1))
    assert one(mapped, "limit on active tasks").tasks == ("m",)


def test_sensors_that_hold_slots_and_look_rarely():
    waits = [task(f"s{n}", kind="poke", awaited_after=60.0, poke_interval=5.0) for n in range(2)]
    case = case_of(*waits, *(task(f"w{n}", 20.0) for n in range(4)), deployment=Deployment(parallelism=2))
    assert one(case, "sensors hold slots").saves > 20
    rare = case_of(task("s", kind="poke", awaited_after=61.0, poke_interval=60.0), task("w", 5.0, "s"))
    assert one(rare, "sensor looks rarely").saves > 30


def test_a_notification_that_others_wait_for():
    case = case_of(task("a", 5.0), task("slack_begin", 20.0, "a"), task("b", 20.0, "slack_begin"))
    assert one(case, "notification in the way").tasks == ("slack_begin",)
    told_by_operator = case_of(
        task("a", 5.0), task("hello", 20.0, "a"), task("b", 20.0, "hello"),
        profile=Profile("d", (seen("hello", "SlackAPIPostOperator"),), ()),
    )  # fmt: skip
    assert "notification in the way" in kinds(told_by_operator)
    at_the_end = case_of(task("a", 5.0), task("slack_end", 20.0, "a"))
    assert "notification in the way" not in kinds(at_the_end)


def test_a_long_fixed_pause_before_a_retry_counts_where_tries_fail():
    shaky = task("a", 5.0, failure_rate=0.5, retries=3, retry_delay=300.0)
    assert one(case_of(shaky, failing=frozenset({"a"})), "long fixed retry delay").saves > 60
    assert "long fixed retry delay" not in kinds(case_of(replace(shaky, failure_rate=0.0)))


def test_work_at_the_top_level():
    chain = [task("a", 1.5), task("b", 1.5, "a"), task("c", 1.5, "b")]
    assert one(case_of(*chain, parse_seconds=2.0), "work in top-level code").saves > 5
    assert "work in top-level code" not in kinds(case_of(*chain))


# -- what history shows ------------------------------------------------------------------------------------------------


def tries(dag_id: str, task_id: str, seconds: float, *, run: int, start: float = 0.0, index: int = -1) -> TaskTry:
    begin = BEGIN + timedelta(hours=run, seconds=start)
    end = begin + timedelta(seconds=seconds)
    return TaskTry(
        f"{dag_id}{task_id}{run}{index}", dag_id, f"run{run}", task_id, index, state="success",
        started_at=begin.isoformat(), ended_at=end.isoformat(), duration=seconds,
    )  # fmt: skip


def test_skew_is_told_by_the_mapped_instances_of_several_runs():
    lengths = [2.0, 2.0, 40.0, 2.0]
    history = RunHistory(
        tries=tuple(tries("d", "m", s, run=r, index=n) for r in range(3) for n, s in enumerate(lengths))
    )
    case = case_of(task("m", 11.5, instances=4), history=history)
    found = one(case, "skew between mapped instances")
    assert 20 < found.saves < 35
    assert "instance 2" in found.explanation
    even = RunHistory(tries=tuple(tries("d", "m", 5.0, run=r, index=n) for r in range(3) for n in range(4)))
    assert "skew between mapped instances" not in kinds(case_of(task("m", 5.0, instances=4), history=even))


def test_other_dags_that_hold_slots_at_the_same_time():
    own = RunHistory(tries=tuple(tries("d", f"a{n}", 50.0, run=r) for r in range(2) for n in range(4)))
    others = RunHistory(tries=tuple(tries("nightly", f"x{n}", 50.0, run=r) for r in range(2) for n in range(3)))
    tasks = [task(f"a{n}", 20.0) for n in range(4)]
    case = case_of(*tasks, deployment=Deployment(parallelism=4), history=own, others=others)
    found = one(case, "schedule collides with other DAGs")
    assert found.saves > 30
    assert "nightly" in found.explanation
    at_another_time = RunHistory(tries=tuple(tries("nightly", "x", 50.0, run=r, start=600) for r in range(2)))
    assert "schedule collides with other DAGs" not in kinds(replace(case, others=at_another_time))


def test_a_wait_for_another_dag_is_told_by_the_operator():
    waits = task("wait", kind="poke", awaited_after=120.0, poke_interval=5.0)
    profile = Profile("d", (seen("wait", "ExternalTaskSensor"),), ())
    assert one(case_of(waits, task("w", 5.0, "wait"), profile=profile), "wait for another DAG").saves > 100
    assert "wait for another DAG" not in kinds(case_of(waits, task("w", 5.0, "wait")))


# -- paths and ranking -------------------------------------------------------------------------------------------------


def test_the_critical_path_and_the_slack_beside_it():
    case = case_of(task("a", 10.0), task("b", 30.0, "a"), task("c", 5.0, "a"), task("d", 10.0, "b", "c"))
    assert critical_path(case.workload, case.before) == ("a", "b", "d")
    slack = slack_of(case.workload, case.before)
    assert slack["d"] == pytest.approx(0.0, abs=0.01)
    assert slack["b"] < 3
    assert 20 < slack["c"] < 30


def test_the_costliest_comes_first_and_the_answer_is_always_the_same():
    tasks = (task("a", 10.0), task("slack_begin", 15.0, "a"), task("b", 40.0, "slack_begin"))
    case = case_of(*tasks, parse_seconds=1.0)
    found = find_bottlenecks(case)
    assert [item.saves for item in found] == sorted((item.saves for item in found), reverse=True)
    assert found == find_bottlenecks(case)


def test_a_layout_without_any_tasks_has_none():
    assert find_bottlenecks(case_of(task("a", 0.0, kind="empty"))) == ()


def test_every_kind_has_a_name_of_its_own():
    names = [detector.kind for detector in DETECTORS]
    assert len(names) == len(set(names)) == 21
