"""The import in a child process: what it finds, what it stops, and that it always comes back."""

from __future__ import annotations

import os

import pytest

from airflow_provider_wfintel.app.validate import validate_file
from airflow_provider_wfintel.host.dag_import import import_dag_file

pytestmark = pytest.mark.integration

GOOD = """
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG(dag_id="good", schedule=None):
    BashOperator(task_id="step", bash_command="true")
"""


def test_a_good_file_is_good():
    report = import_dag_file(GOOD)
    assert report.ok
    assert report.issues == ()
    assert (report.dag_ids, report.task_ids) == (("good",), ("step",))
    assert report.checks == ("import", "serialize")


def test_the_same_through_the_use_case(tmp_path):
    path = tmp_path / "good.py"
    path.write_text(GOOD, encoding="utf-8")
    report = validate_file(path, execute=True)
    assert report.ok
    assert {"syntax", "lint", "import", "serialize"} <= set(report.checks)


@pytest.mark.parametrize(
    ("lines", "part"),
    [
        ("import os\nos.system('true')", "os.system"),
        ("import subprocess\nsubprocess.run(['true'])", "not allowed"),
        ("import socket\nsocket.create_connection(('127.0.0.1', 9), 1)", "socket"),
        ("open('/tmp/wfintel-must-not-exist', 'w')", "open"),
        ("import os\nos.fork()", "os.fork"),
    ],
)
def test_what_a_file_does_beside_describing_dags_is_stopped(lines, part):
    report = import_dag_file(f"{lines}\n{GOOD}")
    assert not report.ok
    assert part in " ".join(issue.message for issue in report.issues)


def test_even_if_the_file_hides_the_error():
    source = "import os\ntry:\n    os.system('true')\nexcept Exception:\n    pass\n" + GOOD
    report = import_dag_file(source)
    assert [issue.message.split()[2] for issue in report.issues] == ["os.system"]


def test_a_missing_provider_names_the_distribution_to_install():
    source = GOOD.replace("standard.operators.bash", "pagerduty.operators.bash")
    (issue,) = import_dag_file(source).issues
    assert "airflow.providers.pagerduty" in issue.message
    assert issue.hint == "pip install apache-airflow-providers-pagerduty"
    assert issue.line == 2


def test_a_wrong_argument_is_found():
    (issue,) = import_dag_file(GOOD.replace("bash_command=", "colour=1, bash_command=")).issues
    assert "colour" in issue.message
    assert issue.check == "import"


def test_a_file_that_never_ends_is_stopped():
    report = import_dag_file("while True:\n    pass\n", timeout=15)
    assert not report.ok


def test_a_file_that_kills_its_process_is_reported():
    report = import_dag_file("import os\nos._exit(7)\n")
    assert "status 7" in report.issues[0].message


def test_the_child_sees_no_secret_of_ours(monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "do-not-show")
    source = "import os\nassert 'AWS_SECRET_ACCESS_KEY' not in os.environ, sorted(os.environ)\n" + GOOD
    assert "AWS_SECRET_ACCESS_KEY" in os.environ
    assert import_dag_file(source).ok


def test_a_file_without_a_dag_is_no_dag_file():
    assert "no DAG" in import_dag_file("x = 1\n").issues[0].message


def test_text_that_cannot_be_stored_is_reported():
    assert not import_dag_file("x = '\ud800'\n").ok
