"""DAGs that run in a child Airflow with stand-ins: every fault shows, nothing leaves the machine."""

from __future__ import annotations

import json

import pytest

from airflow_provider_wfintel.cli.main import main
from airflow_provider_wfintel.host.dag_run import missing_distributions, try_dag_files

pytestmark = pytest.mark.integration

HEAD = """\
import pendulum
from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.sdk import DAG, Param, task

PARAMS = {"table": Param(None, type=["null", "string"])}
with DAG("d", schedule=None, start_date=pendulum.datetime(2026, 1, 1), params=PARAMS):
"""
FILES = {
    "sql": HEAD
    + '    SQLExecuteQueryOperator(task_id="t", conn_id="warehouse", sql="DELETE FROM {{ params.table }}")\n',
    "template": HEAD + '    SQLExecuteQueryOperator(task_id="t", conn_id="warehouse", sql="{{ no_such_name }}")\n',
    "http": HEAD
    + """\
    @task
    def fetch():
        import requests

        return requests.get("https://shop.example.org/orders", timeout=5).json()

    @task
    def count(rows):
        if rows:
            return len(rows)
        raise KeyError("nothing came")

    count(fetch())
""",
    "socket": HEAD
    + """\
    @task
    def connect():
        import socket

        socket.create_connection(("192.0.2.1", 80), 1)

    connect()
""",
    "files": HEAD
    + """\
    @task
    def copy(source, target):
        from pathlib import Path

        Path(target).write_text(Path(source).read_text())
        return Path(target).read_text().count("sample")

    copy("/no/such/place/in.csv", "/no/such/place/out.csv")
""",
    "deadline": """\
from datetime import timedelta

import pendulum
from airflow.sdk import DAG, DeadlineAlert, DeadlineReference, SyncCallback, task


def late(context):
    pass


LIMIT = DeadlineAlert(DeadlineReference.DAGRUN_QUEUED_AT, timedelta(hours=1), SyncCallback(late))
with DAG("d", schedule=None, start_date=pendulum.datetime(2026, 1, 1), deadline=LIMIT):

    @task
    def work():
        return 1

    work()
""",
    "stores": HEAD
    + """\
    @task
    def read():
        from pathlib import Path
        from tempfile import TemporaryDirectory

        from airflow.providers.elasticsearch.hooks.elasticsearch import ElasticsearchPythonHook
        from airflow.providers.mongo.hooks.mongo import MongoHook
        from airflow.providers.salesforce.hooks.salesforce import SalesforceHook

        with MongoHook() as hook:
            found = list(hook.find("orders", {}, mongo_db="app").limit(1))
        found += SalesforceHook("salesforce_default").make_query("SELECT Id FROM Account")["records"]
        with TemporaryDirectory() as folder:
            (Path(folder) / "rows.csv").write_text("x")
        client = ElasticsearchPythonHook(hosts=["http://x:9200"]).get_conn
        if client.bulk(operations=found)["errors"] or len(found) != 3:
            raise KeyError(found)

    read()
""",
    "statement": HEAD + '    SQLExecuteQueryOperator(task_id="t", conn_id="warehouse", sql=["sql/a.sql", "b.sql"])\n',
    "queue": HEAD
    + """\
    @task
    def drain():
        from airflow.providers.amazon.aws.hooks.sqs import SqsHook

        client, read = SqsHook().conn, 0
        while found := client.receive_message(QueueUrl="https://sqs.example.org/1/q").get("Messages", []):
            read += len(found)
        if not read:
            raise KeyError("nothing came")

    drain()
""",
}


@pytest.fixture(scope="module")
def trials():
    return try_dag_files(FILES)


def only_task(trial, answers="rows"):
    return next(run for run in trial.runs if run.answers == answers).tasks[0]


def test_sql_is_recorded_with_its_rendered_templates(trials):
    task = only_task(trials["sql"])
    assert trials["sql"].ok
    assert (task.state, task.level) == ("success", "wire")
    assert [(call.verb, call.target) for call in task.calls] == [("DELETE", "sample")]
    assert trials["sql"].params == ("table = 'sample'",)


def test_a_wrong_template_fails_the_task(trials):
    assert not trials["template"].faultless
    assert "no_such_name" in only_task(trials["template"]).error


def test_http_is_answered_and_the_second_run_has_no_data(trials):
    rows, empty = trials["http"].runs
    assert [task.state for task in rows.tasks] == ["success", "success"]
    assert rows.tasks[0].calls[0].target == "https://shop.example.org/orders"
    assert [(task.state, task.line) for task in empty.tasks] == [("success", 0), ("failed", 17)]
    assert "nothing came" in empty.tasks[1].error


def test_other_sockets_are_refused(trials):
    assert "does not reach the network" in only_task(trials["socket"]).error


def test_files_are_made_up_and_written_aside(trials):
    assert trials["files"].ok
    assert {call.verb for call in only_task(trials["files"]).calls} == {"read", "write"}


def test_a_run_without_end_is_stopped():
    body = "    @task\n    def forever():\n        while True:\n            pass\n\n    forever()\n"
    trial = try_dag_files({"slow": HEAD + body}, answers=("rows",), seconds=5)["slow"]
    assert "5 seconds" in trial.error


def test_missing_providers_are_named_before_anything_runs():
    source = "def f():\n    from airflow.providers.nowhere.hooks.nothing import NoHook\n"
    assert missing_distributions(source) == ("apache-airflow-providers-nowhere",)
    assert try_dag_files({"x": source})["x"].missing == ("apache-airflow-providers-nowhere",)


def test_the_command_tells_calls_and_ends_with_one_if_a_task_failed(tmp_path, capsys):
    path = tmp_path / "bad.py"
    path.write_text(FILES["template"])
    status = main(["run", str(path), "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert (status, answer["ok"]) == (1, False)


def test_a_deadline_does_not_keep_a_dag_from_running(trials):
    assert trials["deadline"].ok


def test_stores_of_documents_and_records_answer(trials):
    assert only_task(trials["stores"]).state == "success", only_task(trials["stores"]).error
    assert only_task(trials["stores"], "empty").state == "failed"


def test_statements_in_files_have_a_sample(trials):
    assert trials["statement"].ok


def test_a_queue_has_messages_and_runs_empty(trials):
    assert only_task(trials["queue"]).state == "success"
    assert only_task(trials["queue"], "empty").state == "failed"
