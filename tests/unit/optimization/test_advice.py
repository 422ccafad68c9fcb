"""Advice about settings of the deployment, kept apart from what rewrites gain."""

from __future__ import annotations

from airflow_provider_wfintel.engine.optimization.advice import SETTINGS, advise
from airflow_provider_wfintel.engine.optimization.rewrites.plan import choose
from airflow_provider_wfintel.engine.optimization.rewrites.registry import REWRITES
from airflow_provider_wfintel.engine.optimization.service import Deployment, SimulatedTask, Workload
from tests.unit.optimization.rewrites.cases import draft_of, surroundings


def chain(count: int, seconds: float = 0.1) -> Workload:
    return Workload(tuple(SimulatedTask(f"t{n}", seconds, upstream=(f"t{n - 1}",) if n else ()) for n in range(count)))


def side_by_side(count: int, seconds: float, **more) -> Workload:
    return Workload(tuple(SimulatedTask(f"t{n}", seconds) for n in range(count)), **more)


def names(workload: Workload, deployment: Deployment | None = None) -> list[str]:
    return [item.setting for item in advise(workload, deployment or Deployment())]


def test_a_chain_of_short_tasks_waits_for_the_scheduler():
    (found,) = advise(chain(20), Deployment())
    assert found.setting == "[scheduler] scheduler_idle_sleep_time"
    assert found.after < 0.7 * found.before
    assert found.as_json()["counted_as_layout_gain"] is False


def test_a_fan_out_waits_for_the_limit_of_its_dag_and_then_for_the_executor():
    assert names(side_by_side(64, 30.0))[0] == "[core] max_active_tasks_per_dag"
    wide = Deployment(parallelism=8, max_active_tasks=64)
    assert names(side_by_side(64, 30.0), wide)[0] == "[core] parallelism"


def test_a_limit_that_the_author_has_set_is_not_worked_around():
    assert "[core] max_active_tasks_per_dag" not in names(side_by_side(64, 30.0, max_active_tasks=16))


def test_where_settings_change_nothing_there_is_no_advice():
    assert advise(side_by_side(2, 600.0), Deployment()) == ()


def test_no_setting_is_touched_by_a_rewrite():
    """The plan is simulated on the deployment as it is, so no gain of a setting can hide in a gain of a layout."""
    draft = draft_of("""
    with DAG("d") as dag:
        for name in "abcdef":
            PythonOperator(task_id=name, python_callable=depot.fetch, op_args=[name], op_kwargs={"pause": 1})
    """)
    around = surroundings(draft)
    plan = choose(draft, around, REWRITES)
    best = advise(plan.final.workload(around), around.deployment)
    assert all(item.before >= plan.after.makespan * 0.99 for item in best)
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)
