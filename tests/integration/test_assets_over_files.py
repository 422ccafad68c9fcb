"""Two DAG files of a folder, of which one feeds the other: proposed, and both changed once a person confirms."""

from __future__ import annotations

import json

import pytest

from airflow_provider_wfintel.cli.main import main

pytestmark = [pytest.mark.integration, pytest.mark.filterwarnings("ignore:The .airflow.utils")]

HEAD = """from datetime import datetime

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


"""
LOADS = (
    HEAD
    + """def write():
    with open("{folder}/orders.csv", "w") as file:
        file.write("1")


# the first of the night
with DAG("loads", schedule="0 2 * * *", start_date=datetime(2026, 1, 1), catchup=False):
    PythonOperator(task_id="write", python_callable=write)
"""
)
MARTS = (
    HEAD
    + """def read():
    print(open("{folder}/orders.csv").read())


with DAG("marts", schedule="0 4 * * *", start_date=datetime(2026, 1, 1), catchup=False):
    PythonOperator(task_id="read", python_callable=read)
"""
)


@pytest.fixture
def folder(tmp_path):
    dags = tmp_path / "dags"
    (dags / "nightly").mkdir(parents=True)
    (dags / "nightly" / "loads.py").write_text(LOADS.format(folder=tmp_path))
    (dags / "marts.py").write_text(MARTS.format(folder=tmp_path))
    (tmp_path / "history.json").write_text('{"task_instances": [], "total_entries": 0}')
    return dags


def run(folder, *words: str) -> int:
    return main(["optimize", str(folder / "marts.py"), "--history", str(folder.parent / "history.json"), *words])


def test_it_is_proposed_with_the_file_that_has_to_change_too_and_nothing_is_changed(folder, capsys):
    report = folder.parent / "report.json"
    assert run(folder, "--report", str(report)) == 0
    found = json.loads(report.read_text())
    assert [(item["confirm"], item["other_files"]) for item in found["suggestions"]] == [
        ("assets:marts", ["nightly/loads.py"])
    ]
    assert found["other_files"] == []
    assert "it changes nightly/loads.py, too; --confirm assets:marts" in capsys.readouterr().out


def test_the_confirmed_change_shows_both_files_and_writes_both(folder, capsys, airflow_db):
    from airflow.dag_processing.dagbag import DagBag

    assert run(folder, "--confirm", "assets:marts", "--diff", "--write", str(folder / "marts.py")) == 0
    diff = capsys.readouterr().out
    assert "+++ b/marts.py" in diff
    assert "+++ b/nightly/loads.py" in diff
    bag = DagBag(dag_folder=str(folder), safe_mode=False, load_op_links=False, bundle_name="dags-folder")
    assert bag.import_errors == {}
    (asset,) = bag.dags["loads"].get_task("write").outlets
    assert [item.uri for item in bag.dags["marts"].timetable.asset_condition.objects] == [asset.uri]
    assert "# the first of the night" in (folder / "nightly" / "loads.py").read_text()


def test_another_file_is_not_written_over(folder, capsys):
    out = folder.parent / "out"
    (out / "nightly").mkdir(parents=True)
    (out / "nightly" / "loads.py").write_text("mine = 1\n")
    assert run(folder, "--confirm", "assets:marts", "--write", str(out / "marts.py")) != 0
    assert (out / "nightly" / "loads.py").read_text() == "mine = 1\n"
    assert not (out / "marts.py").exists()


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("nightly/loads.py", '"0 2 * * *"', '"0 2 * * 1"'),
        ("nightly/loads.py", "orders.csv", "users.csv"),
        ("marts.py", "print(", "print('{{ ds }}', "),
    ],
    ids=["other days", "other data", "a date of the run"],
)
def test_other_pairs_of_files_stay(folder, name, old, new, capsys):
    path = folder / name
    path.write_text(path.read_text().replace(old, new))
    report = folder.parent / "report.json"
    assert run(folder, "--report", str(report)) == 0
    assert "assets:marts" not in report.read_text()
