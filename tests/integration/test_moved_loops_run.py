"""Loops taken out of a module, or expanded over what a task hands on: they run in Airflow and leave the same data."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.evals.optimization.slow_cases import FIELD, planned_cases

pytestmark = [pytest.mark.integration, pytest.mark.filterwarnings("ignore:The .airflow.utils")]

MODULES = ("etl_lib", "grid_jobs")
CASES = {case.name: case for case in planned_cases(FIELD)}


@pytest.fixture
def library(tmp_path, monkeypatch):
    """The modules of the set, whose pauses take no time and whose lots have always arrived."""
    for name in MODULES:
        shutil.copy(FIELD / f"{name}.py", tmp_path)
        sys.modules.pop(name, None)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("SLOW_DAGS_DATA", str(tmp_path / "data"))
    import etl_lib

    monkeypatch.setattr(etl_lib.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(etl_lib, "began", lambda: 0.0)
    yield etl_lib
    for name in MODULES:
        sys.modules.pop(name, None)


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_rewritten_dag_runs_and_leaves_what_the_note_says(name, airflow_db, library, tmp_path, request):
    from airflow import settings
    from airflow.dag_processing.dagbag import DagBag
    from airflow.models.pool import Pool

    case = CASES[name]
    for pool, slots in case.note["pools_before"].items():
        Pool.create_or_update_pool(pool, slots=slots, description="", include_deferred=False)
    path = Path(settings.DAGS_FOLDER) / f"{name}.py"
    path.write_text(case.plan.final.source, encoding="utf-8")
    request.addfinalizer(path.unlink)
    bag = DagBag(dag_folder=str(path), safe_mode=False, load_op_links=False, bundle_name="dags-folder")
    assert bag.import_errors == {}
    dag = bag.dags[name]
    assert str(dag.test().state) == "success"
    (folder,) = (tmp_path / "data" / name).iterdir()
    downstream = {task.task_id: list(task.downstream_task_ids) for task in dag.tasks}
    assert library.verify(folder, case.note, downstream) == []
