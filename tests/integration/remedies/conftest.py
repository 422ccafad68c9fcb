"""A DAG that is deployed in Airflow's own database, with runs whose task instances failed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

DAG_FILE = '''
"""Sales."""
import datetime
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG("{dag_id}", schedule=None, start_date=datetime.datetime(2026, 1, 1), tags=["etl"]) as dag:
    load = BashOperator(
        task_id="load", bash_command="exit 1", execution_timeout=datetime.timedelta(seconds=100), pool="dwh"
    )
    report = BashOperator(task_id="report", bash_command="echo done")
    load >> report
'''


@pytest.fixture(scope="session")
def bundle(airflow_db: None) -> str:
    """The name of the bundle of the DAGs folder, known to the database."""
    from airflow.dag_processing.bundles.manager import DagBundlesManager

    DagBundlesManager().sync_bundles_to_db()
    return "dags-folder"


@pytest.fixture
def deploy(bundle: str) -> Iterator[Callable[..., None]]:
    """Writes a DAG file and has it parsed into the database."""
    paths: list[Path] = []

    def parse(dag_id: str, source: str = DAG_FILE) -> None:
        from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db

        path = Path(os.environ["AIRFLOW__CORE__DAGS_FOLDER"]) / f"{dag_id}.py"
        path.write_text(source.replace("{dag_id}", dag_id))
        paths.append(path)
        bag = DagBag(path, bundle_path=path.parent, bundle_name=bundle)
        assert not bag.import_errors
        sync_bag_to_db(bag, bundle, None)

    yield parse
    for path in paths:
        path.unlink(missing_ok=True)


@pytest.fixture
def failed_run(deploy: Callable[..., None]) -> Callable[..., str]:
    """A run of the DAG in which `load` failed an hour ago and `report` could not run; gives its id."""

    def make(dag_id: str, run_id: str = "r1", **states: str) -> str:
        from airflow.models.dag import DagModel
        from airflow.models.serialized_dag import SerializedDagModel
        from airflow.utils.session import create_session
        from airflow.utils.state import DagRunState
        from airflow.utils.types import DagRunTriggeredByType, DagRunType

        deploy(dag_id)
        now = datetime.now(timezone.utc)
        with create_session(scoped=False) as session:
            session.get(DagModel, dag_id).is_paused = False
            dag = SerializedDagModel.get_dag(dag_id, session=session)
            run = dag.create_dagrun(
                run_id=run_id, run_after=now, run_type=DagRunType.MANUAL, triggered_by=DagRunTriggeredByType.TEST,
                state=DagRunState.FAILED, logical_date=now, session=session,
            )  # fmt: skip
            wanted: dict[str, Any] = {"load": "failed", "report": "upstream_failed", **states}
            for item in run.get_task_instances(session=session):
                item.state = wanted[item.task_id]
                if item.state == "failed":
                    item.try_number = 1
                    item.start_date = now - timedelta(hours=1, seconds=10)
                    item.end_date = now - timedelta(hours=1)
                    item.duration = 10.0
        return run_id

    return make
