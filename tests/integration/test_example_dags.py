"""The DAGs that come with the project can be imported by Airflow."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

DAGS = Path(__file__).resolve().parents[2] / "dags"


@pytest.mark.parametrize("path", sorted(DAGS.glob("*.py")), ids=lambda path: path.stem)
def test_is_imported_and_has_tasks(path):
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dag_folder=str(path), bundle_name="examples")
    assert bag.import_errors == {}
    assert bag.dags
    assert all(dag.task_dict for dag in bag.dags.values())
