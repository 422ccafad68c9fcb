"""Rewritten DAG files really run in Airflow (`dag.test()`), and leave the data that the original leaves."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

import pytest

from airflow_provider_wfintel.host.dag_structure import structures_of
from tests.evals.optimization.slow_cases import OWN, planned_cases

# Airflow's own sensor module imports what Airflow calls deprecated.
pytestmark = [pytest.mark.integration, pytest.mark.filterwarnings("ignore:The .airflow.utils")]

CASES = {case.name: case for case in planned_cases(OWN)}


@pytest.fixture
def library(tmp_path, monkeypatch):
    """The module of the set, whose pauses take no time and whose ships are always there."""
    shutil.copy(OWN / "etl_lib.py", tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("SLOW_DAGS_DATA", str(tmp_path / "data"))
    sys.modules.pop("etl_lib", None)
    import etl_lib

    began = time.time()
    monkeypatch.setattr(etl_lib.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(etl_lib.time, "time", lambda: began + 10_000 * (time.monotonic() % 1000))
    monkeypatch.setattr(etl_lib, "unsteady", lambda name, failures: None)
    yield etl_lib
    sys.modules.pop("etl_lib", None)


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_rewritten_dag_runs_and_leaves_what_the_note_says(name, airflow_db, library, tmp_path, request):
    from airflow import settings
    from airflow.dag_processing.dagbag import DagBag
    from airflow.models.pool import Pool

    case = CASES[name]
    for pool, slots in case.plan.final.pools.items():
        Pool.create_or_update_pool(pool, slots=slots, description="", include_deferred=False)
    path = Path(settings.DAGS_FOLDER) / f"{name}.py"
    path.write_text(case.plan.final.source, encoding="utf-8")
    request.addfinalizer(path.unlink)
    bag = DagBag(dag_folder=str(path), safe_mode=False, load_op_links=False, bundle_name="dags-folder")
    assert bag.import_errors == {}
    dag = bag.dags[name]
    run = dag.test()
    assert str(run.state) == "success"
    (folder,) = (tmp_path / "data" / name).iterdir()
    downstream = {task.task_id: list(task.downstream_task_ids) for task in dag.tasks}
    assert library.verify(folder, case.note, downstream) == []


def test_airflow_sees_the_structure_that_was_read():
    sources = {name: case.plan.final.source for name, case in CASES.items()}
    siblings = {"etl_lib": (OWN / "etl_lib.py").read_text(encoding="utf-8")}
    for name, found in structures_of(sources, siblings).items():
        assert found.error == ""
        dag = CASES[name].plan.final.dag
        read = {task.task_id: {two for one, two in dag.edges if one == task.task_id} for task in dag.tasks}
        assert {task: set(below) for task, below in found.dags[name].items()} == read
