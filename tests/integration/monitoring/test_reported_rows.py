"""Rows that tasks report, in XComs and asset events, come to the figures of a DAG and to the detector of row drops."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from airflow.models.asset import AssetEvent
from airflow.models.dagrun import DagRun
from airflow.models.xcom import XComModel
from sqlalchemy import Engine, delete, insert, inspect, select
from sqlalchemy.orm import Session

from airflow_provider_wfintel.app.collecting import reported_rows
from airflow_provider_wfintel.app.collecting.dag_states import LearnDags
from airflow_provider_wfintel.app.collecting.reported_rows import ReadRows
from airflow_provider_wfintel.app.collecting.rollups import RollUp
from airflow_provider_wfintel.app.monitoring.anomalies import anomalies
from airflow_provider_wfintel.app.monitoring.metrics import dag_metrics
from airflow_provider_wfintel.host.reported_rows import COLUMNS
from airflow_provider_wfintel.store.repositories.executions import Executions
from airflow_provider_wfintel.store.repositories.reported_rows import ReportedRows
from tests.integration.monitoring.histories import FIRST, daily, write
from tests.integration.monitoring.test_collector import collector_of
from tests.integration.monitoring.test_rollups import Clock, work_on
from tests.integration.monitoring.world import World

pytestmark = pytest.mark.integration

MakeWorld = Callable[..., World]


@pytest.fixture(autouse=True)
def nothing_reported(engine: Engine) -> Iterator[None]:
    yield
    with engine.begin() as connection:
        connection.execute(delete(XComModel))
        connection.execute(delete(AssetEvent))


def xcom(world: World, run_id: str, task: str, key: str, value: Any) -> None:
    with Session(world.engine) as session, session.begin():
        run = session.scalars(select(DagRun.id).where(DagRun.run_id == run_id)).one()
        place = {"dag_run_id": run, "dag_id": "orders", "run_id": run_id, "task_id": task, "map_index": -1}
        session.execute(insert(XComModel).values(key=key, value=value, **place))


def asset_event(world: World, run_id: str, task: str, **extra: Any) -> None:
    source = {"source_dag_id": "orders", "source_run_id": run_id, "source_task_id": task, "source_map_index": -1}
    with Session(world.engine) as session, session.begin():
        session.execute(insert(AssetEvent).values(asset_id=1, extra=extra, timestamp=world.now, **source))


def finish(world: World, run_id: str) -> None:
    for item in world.present("orders", run_id):
        world.begin_try(item.id)
        world.set(item.id, state="success")
    world.set_run("orders", run_id, state="success")


def rows_of_runs(engine: Engine, dag_id: str = "orders") -> list[float | None]:
    with Session(engine) as session:
        return [run.rows for run in Executions(session).history(dag_id, last=500).runs]


def test_the_columns_that_are_read_are_there(engine: Engine) -> None:
    for table, columns in COLUMNS.items():
        assert set(columns) <= {column["name"] for column in inspect(engine).get_columns(table)}


def test_a_run_has_the_rows_of_its_tasks_by_xcom_before_asset_events(engine: Engine, make_world: MakeWorld) -> None:
    world = make_world()
    run_id = world.new_run(tasks=4)
    xcom(world, run_id, "task_0", "rows", 5)
    xcom(world, run_id, "task_0", "row_count", 50)
    xcom(world, run_id, "task_1", "row_count", "7")
    asset_event(world, run_id, "task_1", rows=9)
    asset_event(world, run_id, "task_2", rows=3)
    asset_event(world, run_id, "task_2", row_count=4, note="of another asset")
    for value in ({"rows": 4}, True, -1, "many"):
        xcom(world, run_id, "task_3", "rows", value)
        finish_if_open(world, run_id)
        collector_of(world).poll()
        ReadRows()(work_on(engine, Clock(world.now)))
        assert rows_of_runs(engine) == [5.0 + 7.0 + 3.0 + 4.0]
        with engine.begin() as connection:
            connection.execute(delete(XComModel).where(XComModel.task_id == "task_3"))
    RollUp(every=timedelta(0))(work_on(engine, Clock(world.now)))
    with Session(engine) as session:
        told = dag_metrics(session, "orders", now=world.now).distributions["rows"]
    assert (told.count, told.total) == (1, 19.0)


def finish_if_open(world: World, run_id: str) -> None:
    if any(item.state != "success" for item in world.present("orders", run_id)):
        finish(world, run_id)


def test_a_run_of_which_nothing_is_reported_has_no_rows(engine: Engine, make_world: MakeWorld) -> None:
    world = make_world()
    finish(world, world.new_run())
    collector_of(world).poll()
    ReadRows()(work_on(engine, Clock(world.now)))
    assert rows_of_runs(engine) == [None]


def test_an_event_waits_for_its_run_but_not_for_ever(engine: Engine, make_world: MakeWorld) -> None:
    world = make_world()
    run_id = world.new_run()
    asset_event(world, run_id, "task_0", rows=3)
    ReadRows()(work_on(engine, Clock(world.now)))
    finish(world, run_id)
    collector_of(world).poll()
    ReadRows()(work_on(engine, Clock(world.now)))
    assert rows_of_runs(engine) == [3.0]
    asset_event(world, "of_a_run_that_is_gone", "task_0", rows=1)
    asset_event(world, run_id, "task_1", rows=4)
    for passed, known in ((0, 3.0), (5, 3.0), (11, 7.0)):
        ReadRows()(work_on(engine, Clock(world.now + timedelta(minutes=passed))))
        assert rows_of_runs(engine) == [known]


def test_several_assets_of_a_task_are_one_figure_also_where_a_page_ends(
    engine: Engine, make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reported_rows, "_EVENTS", 3)
    world = make_world()
    runs = [world.new_run(), world.new_run()]
    for run_id, rows in ((runs[0], (1, 2)), (runs[1], (3, 4))):
        for number in rows:
            asset_event(world, run_id, "task_0", rows=number)
        finish(world, run_id)
    collector_of(world).poll()
    ReadRows()(work_on(engine, Clock(world.now)))
    assert rows_of_runs(engine) == [3.0, 7.0]


@pytest.mark.parametrize("silent", [0, 20], ids=["from the first run on", "after twenty runs without"])
def test_a_run_with_far_fewer_rows_than_usual_is_an_anomaly(engine: Engine, silent: int) -> None:
    history = daily("orders", 41)
    write(engine, history)
    with Session(engine) as session:
        told = {
            ("orders", run.run_id): {"load": 20.0 if number == 40 else 1000.0 + number % 7}
            for number, (run, _) in enumerate(history)
            if number >= silent
        }
        ReportedRows(session).keep(told)
        session.commit()
    LearnDags()(work_on(engine, Clock(FIRST + timedelta(days=41))))
    with Session(engine) as session:
        found = anomalies(session, now=FIRST + timedelta(days=41), days=2)
    drops = [item for item in found if item.kind == "row_drop"]
    assert [(item.run_id, round(item.observed or 0)) for item in drops] == [(history[-1][0].run_id, 20)]
