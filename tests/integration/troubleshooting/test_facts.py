"""Facts beside the log come from Airflow's own tables, and cases without a log are diagnosed from them alone."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from airflow.jobs.job import Job
from airflow.models.dag import DagModel
from airflow.models.dag_version import DagVersion
from airflow.models.dagbundle import DagBundleModel
from airflow.models.dagcode import DagCode
from airflow.models.errors import ParseImportError
from airflow.models.log import Log
from airflow.models.pool import Pool
from airflow.models.serialized_dag import SerializedDagModel
from sqlalchemy import Engine, delete, insert
from sqlalchemy.orm import Session

from airflow_provider_wfintel.app.facts import facts_of
from airflow_provider_wfintel.engine.model import TaskTry, TryFacts
from airflow_provider_wfintel.engine.troubleshooting import service
from airflow_provider_wfintel.host.airflow_tables import missing_columns
from airflow_provider_wfintel.host.context import Visible
from airflow_provider_wfintel.host.fact_tables import FACT_COLUMNS
from tests.integration.monitoring.world import World

pytestmark = pytest.mark.integration

FURTHER = (SerializedDagModel, DagCode, DagVersion, DagModel, DagBundleModel, ParseImportError, Pool, Job)


@pytest.fixture
def world(engine: Engine, make_world: Callable[..., World]) -> World:
    with engine.begin() as connection:
        for model in FURTHER:
            connection.execute(delete(model.__table__))
    made = make_world()
    put(made, Pool, pool="default_pool", slots=128, include_deferred=False)
    return made


def put(world: World, model: Any, **values: Any) -> None:
    with world.engine.begin() as connection:
        connection.execute(insert(model.__table__).values(**values))


def add_log(world: World, event: str, **values: Any) -> None:
    put(world, Log, event=event, dttm=world.tick(), **values)


def version(
    world: World, number: int, source: str, tasks: list[dict[str, Any]], at: datetime | None = None
) -> uuid.UUID:
    """A version of the DAG `orders` with its source and its serialized tasks."""
    key, now = world.key(), at or world.tick()
    if number == 1:
        put(world, DagBundleModel, name="dags", active=True)
        put(
            world, DagModel, dag_id="orders", is_paused=False, is_stale=False, bundle_name="dags",
            relative_fileloc="orders.py",
            fileloc="/dags/orders.py", max_active_tasks=16, max_active_runs=16, max_consecutive_failed_dag_runs=0,
            has_task_concurrency_limits=False, timetable_type="none",
        )  # fmt: skip
    put(world, DagVersion, id=key, version_number=number, dag_id="orders", created_at=now, last_updated=now)
    put(
        world, DagCode, id=world.key(), dag_id="orders", fileloc="/dags/orders.py", created_at=now, last_updated=now,
        source_code=source, source_code_hash="x", dag_version_id=key,
    )  # fmt: skip
    data = {
        "__version": 3,
        "dag": {"dag_id": "orders", "tasks": [{"__type": "operator", "__var": item} for item in tasks]},
    }
    put(
        world, SerializedDagModel, id=world.key(), dag_id="orders", data=data, created_at=now, last_updated=now,
        dag_hash=str(number), dag_version_id=key,
    )  # fmt: skip
    return key


def key_of(world: World, run_id: str, task_id: str, dag_id: str = "orders") -> uuid.UUID:
    return next(item.id for item in world.present(dag_id, run_id) if item.task_id == task_id)


def begun(world: World, run_id: str, task_id: str = "task_0", **values: Any) -> uuid.UUID:
    key = key_of(world, run_id, task_id)
    world.begin_try(key)
    if values:
        world.set(key, **values)
    return key


def read(
    world: World, run_id: str, task_id: str = "task_0", number: int = 1, visible: Visible | None = None
) -> TryFacts:
    with Session(world.engine) as session:
        found = facts_of(session, TaskTry("", "orders", run_id, task_id, try_number=number), visible)
    assert found is not None
    return found


def label(facts: TryFacts) -> str:
    return service.diagnose("", facts).label


def test_every_column_that_is_read_is_there(engine: Engine) -> None:
    with Session(engine) as session:
        assert missing_columns(session, FACT_COLUMNS) == ()


def test_of_no_such_try_nothing_is_known(world: World) -> None:
    with Session(world.engine) as session:
        assert facts_of(session, TaskTry("", "orders", "nowhere", "task_0")) is None


def test_a_failed_try_tells_its_state_times_and_run(world: World) -> None:
    run_id = world.new_run()
    begun(world, run_id, state="failed", duration=7.0)
    facts = read(world, run_id)
    assert (facts.state, facts.run_state, facts.duration, facts.max_tries) == ("failed", "running", 7.0, 2)
    assert facts.start_date is not None
    assert facts.end_date is not None


def test_an_earlier_try_is_found_in_the_history(world: World) -> None:
    run_id = world.new_run()
    key = begun(world, run_id, state="failed", duration=3.0)
    later = world.next_try(key, None)
    world.begin_try(later)
    assert read(world, run_id, number=1).try_id == str(key)
    again = read(world, run_id, number=2)
    assert [(item.try_number, item.duration) for item in again.earlier_attempts] == [(1, 3.0)]


def test_a_lost_supervisor_leaves_a_row_and_an_old_heartbeat(world: World) -> None:
    run_id = world.new_run()
    key = begun(world, run_id)
    beat = world.now
    world.tick(400)
    world.set(key, state="failed", last_heartbeat_at=beat)
    facts = read(world, run_id)
    assert facts.seconds_since_heartbeat == pytest.approx(401, abs=2)
    assert label(facts) == "heartbeat_lost"


def test_a_running_try_without_a_heartbeat_is_silent_until_now(world: World) -> None:
    run_id = world.new_run()
    key = begun(world, run_id)
    now = datetime.now(timezone.utc)
    world.set(
        key,
        state="running",
        start_date=now - timedelta(hours=2),
        last_heartbeat_at=now - timedelta(minutes=90),
        end_date=None,
    )
    assert read(world, run_id).seconds_since_heartbeat == pytest.approx(5400, abs=30)


@pytest.mark.parametrize(
    ("state", "column"), [("queued", "queued_dttm"), ("scheduled", "scheduled_dttm"), ("running", "start_date")]
)
def test_how_long_a_try_is_in_a_state_that_it_should_leave(world: World, state: str, column: str) -> None:
    run_id = world.new_run()
    key = begun(world, run_id)
    since = datetime.now(timezone.utc) - timedelta(hours=3)
    world.set(key, state=state, end_date=None, **{column: since})
    assert read(world, run_id).seconds_in_state == pytest.approx(10_800, abs=30)


def test_a_try_that_is_over_is_in_no_state_that_it_should_leave(world: World) -> None:
    run_id = world.new_run()
    begun(world, run_id, state="failed")
    assert read(world, run_id).seconds_in_state is None


def test_a_run_is_quiet_since_the_last_thing_that_moved_in_it(world: World) -> None:
    run_id = world.new_run()
    key = begun(world, run_id)
    now = datetime.now(timezone.utc)
    old = {name: now - timedelta(hours=5) for name in ("scheduled_dttm", "queued_dttm", "start_date")}
    world.set(key, state="failed", end_date=now - timedelta(hours=2), last_heartbeat_at=None, **old)
    assert read(world, run_id).run_quiet_seconds == pytest.approx(7200, abs=30)
    world.set(key, state="running", end_date=None, last_heartbeat_at=now - timedelta(minutes=1))
    assert read(world, run_id).run_quiet_seconds == pytest.approx(60, abs=30)


def test_the_event_row_alone_tells_of_a_lost_heartbeat(world: World) -> None:
    run_id = world.new_run()
    begun(world, run_id, state="failed")
    add_log(
        world, "heartbeat timeout", dag_id="orders", run_id=run_id, task_id="task_0", map_index=-1, try_number=1,
        extra="Task did not emit heartbeat within time limit (300 seconds) and will be terminated.",
    )  # fmt: skip
    assert label(read(world, run_id)) == "heartbeat_lost"


def test_rows_of_other_tries_and_tasks_are_not_its_own(world: World) -> None:
    run_id = world.new_run()
    begun(world, run_id, state="failed")
    own = {"dag_id": "orders", "run_id": run_id, "map_index": -1}
    add_log(world, "failed", task_id="task_0", try_number=1, **own)
    add_log(world, "heartbeat timeout", task_id="task_0", try_number=2, **own)
    add_log(world, "heartbeat timeout", task_id="task_1", try_number=1, **own)
    assert [row.event for row in read(world, run_id).events] == ["failed"]


def test_a_try_that_waits_too_long_in_the_queue(world: World) -> None:
    run_id = world.new_run()
    key = key_of(world, run_id, "task_0")
    world.set(key, state="queued", try_number=1, queued_dttm=world.now)
    facts = read(world, run_id)
    assert facts.start_date is None
    assert facts.queued_seconds is not None
    assert facts.queued_seconds > 600, "the world lives in the past"
    assert label(facts) == "executor_failure"


def test_a_missing_pool(world: World) -> None:
    run_id = world.new_run()
    world.set(key_of(world, run_id, "task_0"), state="scheduled", try_number=1, pool="etl")
    assert read(world, run_id).pool_exists is False
    assert label(read(world, run_id)) == "missing_pool"


def test_a_pool_that_can_never_hold_the_task(world: World) -> None:
    put(world, Pool, pool="etl", slots=2, include_deferred=False)
    run_id = world.new_run()
    world.set(key_of(world, run_id, "task_0"), state="scheduled", try_number=1, pool="etl", pool_slots=4)
    facts = read(world, run_id)
    assert (facts.pool_total_slots, facts.pool_open_slots) == (2, 2)
    assert label(facts) == "missing_pool"


def test_slots_in_use_are_counted(world: World) -> None:
    put(world, Pool, pool="etl", slots=5, include_deferred=False)
    run_id = world.new_run()
    begun(world, run_id, "task_1", pool="etl", pool_slots=3, state="running")
    begun(world, run_id, "task_0", pool="etl", state="failed")
    assert read(world, run_id).pool_open_slots == 2


def test_upstream_states_come_from_the_version_of_the_try(world: World) -> None:
    tasks = [
        {"task_id": "task_1", "downstream_task_ids": ["task_0"]},
        {"task_id": "task_0", "execution_timeout": 60.0, "http_conn_id": "shop"},
    ]
    key = version(world, 1, "a = 1", tasks)
    run_id = world.new_run()
    begun(world, run_id, "task_1", state="failed")
    world.set(key_of(world, run_id, "task_0"), state="upstream_failed", dag_version_id=key, try_number=0)
    facts = read(world, run_id, number=0)
    assert facts.upstream == (("task_1", "failed"),)
    assert (facts.execution_timeout, facts.conn_id) == (60.0, "shop")
    assert label(facts) == "upstream_failed"


def test_limits_of_a_mapped_task_come_from_what_it_hands_on(world: World) -> None:
    handed_on = {"max_active_tis_per_dagrun": 3, "execution_timeout": 60.0}
    key = version(world, 1, "a = 1", [{"task_id": "task_0", "partial_kwargs": handed_on}])
    run_id = world.new_run()
    world.set(key_of(world, run_id, "task_0"), state="failed", dag_version_id=key, try_number=1)
    facts = read(world, run_id, number=1)
    assert (facts.max_active_tis_per_dagrun, facts.execution_timeout) == (3, 60.0)


def success_then_failure(world: World, before: uuid.UUID, after: uuid.UUID) -> str:
    first = world.new_run()
    begun(world, first, dag_version_id=before, state="success", duration=10.0)
    run_id = world.new_run()
    begun(world, run_id, dag_version_id=after, state="failed", duration=50.0)
    return run_id


def test_what_changed_in_the_source_since_the_last_success(world: World) -> None:
    before = version(world, 1, "a = 1\nb = 2\n", [])
    after = version(world, 2, "a = 1\nb = 3\n", [])
    run_id = success_then_failure(world, before, after)
    change = read(world, run_id, visible=Visible()).source_change
    assert change is not None
    assert (change.before, change.after) == (1, 2)
    assert "-b = 2" in change.diff
    assert "+b = 3" in change.diff
    beside = service.diagnose("KeyError: 'qty'", read(world, run_id)).circumstances
    assert any("version 1 then, 2 now" in line for line in beside)


def test_source_is_for_those_who_may_read_it(world: World) -> None:
    before, after = version(world, 1, "a = 1", []), version(world, 2, "a = 2", [])
    run_id = success_then_failure(world, before, after)
    for visible in (None, Visible(sources=frozenset({"other"}))):
        change = read(world, run_id, visible=visible).source_change
        assert change is not None
        assert change.diff == ""


def test_the_same_version_is_no_change(world: World) -> None:
    key = version(world, 1, "a = 1", [])
    assert read(world, success_then_failure(world, key, key)).source_change is None


def test_settings_that_were_changed_since_the_last_success(world: World) -> None:
    first = world.new_run()
    add_log(world, "patch_connection", owner="ana", extra=json.dumps({"connection_id": "long_ago"}))
    begun(world, first, state="success")
    add_log(world, "patch_connection", owner="ana", extra=json.dumps({"connection_id": "shop_db", "password": "***"}))
    add_log(world, "patch_variable", owner="bob", extra=json.dumps({"key": "limit", "value": "***"}))
    run_id = world.new_run()
    begun(world, run_id, state="failed")
    changes = read(world, run_id).changes
    assert [(item.kind, item.name, item.owner) for item in changes] == [
        ("connection", "shop_db", "ana"),
        ("variable", "limit", "bob"),
    ]
    seen = read(world, run_id, visible=Visible(connections=frozenset({"other"}))).changes
    assert [item.kind for item in seen] == ["variable"]
    found = service.diagnose('password authentication failed for user "shop"', read(world, run_id))
    assert found.label == "bad_credentials"
    assert "connection shop_db" in found.steps[0]


def test_siblings_are_those_that_the_caller_may_see(world: World) -> None:
    run_id = world.new_run()
    begun(world, run_id, state="failed")
    other = world.new_run("billing")
    key = key_of(world, other, "task_0", "billing")
    world.begin_try(key)
    world.set(key, state="failed")
    assert read(world, run_id).siblings == ("billing.task_0",)
    assert read(world, run_id, visible=Visible(dag_ids=frozenset({"orders"}))).siblings == ()
    world.tick(3600)
    later = world.new_run()
    begun(world, later, state="failed")
    assert read(world, later).siblings == ()


def test_durations_stand_against_the_usual_ones(world: World) -> None:
    for _ in range(6):
        begun(world, world.new_run(), state="success", duration=10.0)
    run_id = world.new_run()
    begun(world, run_id, state="failed", duration=90.0)
    facts = read(world, run_id)
    assert facts.typical is not None
    assert (facts.typical.median, facts.typical.count) == (10.0, 6)
    assert any("90 s" in line for line in service.diagnose("", facts).circumstances)


def test_components_without_a_heartbeat_at_that_time(world: World) -> None:
    run_id = world.new_run()
    begun(world, run_id, state="failed")
    start, end = world.now - timedelta(hours=1), world.now
    put(world, Job, job_type="SchedulerJob", state="running", start_date=start, latest_heartbeat=end)
    put(
        world,
        Job,
        job_type="TriggererJob",
        state="running",
        start_date=start,
        latest_heartbeat=end - timedelta(minutes=9),
    )
    assert read(world, run_id).components_down == ("triggerer",)


def test_a_deferred_task_without_a_triggerer(world: World) -> None:
    run_id = world.new_run()
    put(
        world, Job, job_type="TriggererJob", state="running", start_date=world.now,
        latest_heartbeat=world.now + timedelta(minutes=1),
    )  # fmt: skip
    begun(world, run_id, state="deferred")
    assert label(read(world, run_id)) == "trigger_failure"


def test_a_broken_file_keeps_a_task_from_being_scheduled(world: World) -> None:
    version(world, 1, "import shop", [])
    trace = "Traceback (most recent call last):\nModuleNotFoundError: No module named 'shop'\n"
    put(world, ParseImportError, bundle_name="dags", filename="orders.py", stacktrace=trace, timestamp=world.now)
    run_id = world.new_run()
    assert label(read(world, run_id, number=0)) == "missing_dependency"
    begun(world, run_id, state="failed")
    found = service.diagnose("", read(world, run_id))
    assert found.label != "missing_dependency", "a file that is broken now is no proof for a try that ran"
    assert any("cannot be imported now" in line for line in found.circumstances)


def test_who_set_the_state(world: World) -> None:
    run_id = world.new_run()
    begun(world, run_id, state="failed")
    add_log(
        world, "patch_task_instance", dag_id="orders", run_id=run_id, task_id="task_0", owner="ana",
        extra=json.dumps({"new_state": "failed"}),
    )  # fmt: skip
    assert label(read(world, run_id)) == "cancelled_externally"


def test_a_pool_that_is_gone_now_is_no_cause_of_a_try_that_ran(world: World) -> None:
    run_id = world.new_run()
    begun(world, run_id, pool="etl", state="failed")
    facts = read(world, run_id)
    assert facts.pool_exists is False
    assert label(facts) != "missing_pool"
