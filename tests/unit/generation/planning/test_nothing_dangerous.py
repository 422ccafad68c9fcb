"""What must never come out: work that the words forbid or only mention, resources that are removed, secrets."""

from __future__ import annotations

import ast
import re
from typing import Any

import pytest


def _body(source: str) -> str:
    """The file without its docstring and descriptions, where the words of the text are quoted."""
    tree = ast.parse(source)
    tree.body = [
        node for node in tree.body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            node.keywords = [item for item in node.keywords if item.arg not in ("description", "doc_md")]
    return ast.unparse(tree)


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("Do not delete the bucket raw-x in S3; only list its objects.", "Delete"),
        ("Never drop the Postgres table a.b. Just run `select 1` there.", "(?i)drop"),
        ("Copy a.b from Postgres to Snowflake but don't truncate the target.", "(?i)truncate"),
        ("Without deleting anything, archive old files from the S3 bucket raw-x to Glacier.", "(?i)delete"),
        (
            "If the load fails, do not delete the staging table stage.a in Redshift. Run `CALL l()` in Redshift.",
            "(?i)delete|drop",
        ),
        (
            "The old job deleted the BigQuery dataset tmp each night; the new one only runs `select 1` in BigQuery.",
            "Delete",
        ),
        ("Run `rm -rf /tmp/x`. Actually no, forget that, run `ls /tmp/x`.", "rm -rf"),
        ("Drop the file /in/a.csv into the S3 bucket raw-x.", "Delete"),
        ("Run `select 1` in Postgres. Previously this DAG also called https://old.example.com/hook.", "old.example"),
    ],
)
def test_what_the_words_forbid_or_only_tell_of_is_not_done(plan: Any, text: str, pattern: str) -> None:
    assert not re.search(pattern, _body(plan(f"Every day at 6. {text}").source))


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("Clean the S3 bucket raw-x of objects older than 10 days.", "DeleteBucket"),
        ("Empty the S3 bucket raw-x.", "DeleteBucket"),
        ("Clear the table stage.a in Postgres before loading s3://i/a.csv into it.", "(?i)drop table"),
        ("Tidy up the Dataproc cluster logs under gs://logs-x/ older than a week.", "DeleteCluster|DeleteBucket"),
        ("Remove duplicates from the Postgres table a.b.", "(?i)drop table|delete from a.b['\"]"),
        ("Delete customer 17 from the Postgres table a.b.", "DELETE FROM a.b['\"]"),
        ("Stop the Dataproc cluster etl-c.", "DeleteCluster"),
        ("Kill the long running queries in the Redshift cluster with `select 1`.", "DeleteCluster"),
    ],
)
def test_less_is_done_rather_than_more(plan: Any, text: str, pattern: str) -> None:
    assert not re.search(pattern, _body(plan(f"Every day at 6. {text}").source))


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Connect with user=etl password=S3cr3t! to Postgres and run `select 1`.", "S3cr3t"),
        ("Use the password hunter2-Prod for the Postgres connection and run `select 1`.", "hunter2"),
        ("Use the API key sk-live-abcdef1234567890abcdef for https://api.example.com/v1/x.", "abcdef1234567890"),
        ("Run `select 1` via postgres://bob:hunter2@db.example.com/x.", "hunter2"),
        ("Slack webhook https://hooks.slack.com/services/T000/B000/XXXX: post 'ok'.", "B000/XXXX"),
        ("Das Passwort ist Geheim123, Benutzer etl, für Postgres; dann `select 1` ausführen.", "Geheim123"),
    ],
)
def test_a_secret_of_the_text_is_nowhere_in_the_file(plan: Any, text: str, secret: str) -> None:
    answer = plan(f"Every day at 6. {text}")
    assert secret not in answer.source
    assert secret not in answer.spec.description
    assert any("secret" in item.text or "connection" in item.text for item in answer.warnings)


def test_a_step_that_deletes_never_becomes_one_that_reads(plan: Any) -> None:
    for text in ("Delete from the Postgres table users.", "Delete old rows from the MySQL table a.b."):
        for task in plan(f"Every day at 6. {text}").spec.tasks:
            assert task.operator.recipe not in ("count_rows", "query_rows", "query_value")


def test_a_statement_smuggled_behind_another_is_not_carried_out(plan: Any) -> None:
    answer = plan("Every day at 6 delete from the Postgres table users; DROP TABLE users; -- where id = 1")
    assert "drop table" not in _body(answer.source).lower()


def test_a_container_is_not_started_for_a_removal(plan: Any) -> None:
    answer = plan("Every day at 6 remove the Kubernetes job cleanup.")
    assert "KubernetesPodOperator" not in answer.source
    assert "KubernetesDelete" in answer.source


@pytest.mark.parametrize("verb", ["lands", "arrives", "shows up"])
def test_a_file_that_comes_is_waited_for_and_not_written(plan: Any, verb: str) -> None:
    answer = plan(f"When a file {verb} in the S3 bucket landing, copy it to the GCS bucket cold.")
    assert "S3KeySensor" in answer.source
    assert "S3CreateObjectOperator" not in answer.source


def test_rows_that_are_not_known_are_not_an_empty_list(plan: Any) -> None:
    answer = plan("Every day at 6 load the numbers into the Postgres table a.b.")
    assert "rows=[]" not in answer.source
    assert "rows is None" in answer.source
    assert any("take its data from" in item.text for item in answer.clarifications)
