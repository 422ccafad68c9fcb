"""Names of DAGs and tasks."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.generation.planning.naming import slug, unique
from airflow_provider_wfintel.engine.model import DeploymentContext

_PLAIN = re.compile(r"^[a-z][a-z0-9_]*$")


@given(st.text(max_size=120))
def test_a_slug_is_ascii_snake_case_or_empty(words: str) -> None:
    name = slug(words)
    assert name == "" or _PLAIN.match(name)
    assert len(name) <= 61


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Net Sales (EU)", "net_sales_eu"),
        ("Überfällige Rechnungen", "uberfallige_rechnungen"),
        ("../../etc/passwd", "etc_passwd"),
        ("2024 totals", "n2024_totals"),
        ("区域销售", ""),
    ],
)
def test_slugs(words: str, name: str) -> None:
    assert slug(words) == name


def test_a_taken_name_gets_the_next_free_number() -> None:
    assert unique("a", ()) == "a"
    assert unique("a", ("a",)) == "a_2"
    assert unique("a", ("a", "a_2")) == "a_3"


def test_task_names_tell_verb_and_object(plan: Any) -> None:
    spec = plan("Copy the MySQL table shop.orders to the S3 bucket raw-zone, then run dbt build.").spec
    assert spec.task_ids[0].startswith("copy_")
    assert "dbt" in spec.task_ids[1]


@pytest.mark.parametrize(
    "text",
    [
        "Delete old files from the S3 bucket a-b. Delete old files from the S3 bucket a-b.",
        "Run `select 1` in Postgres, then run `select 2` in Postgres, then run `select 3` in Postgres.",
        "每天从 MySQL 表 a.b 抽取数据，然后写入 Postgres 表 c.d。",
        "Lade «Übersicht.csv» vom SFTP-Server, prüfe die Datei und schicke sie an büro@example.de.",
    ],
)
def test_task_names_are_plain_and_unique(plan: Any, text: str) -> None:
    ids = plan(text).spec.task_ids
    assert len(set(ids)) == len(ids)
    assert all(_PLAIN.match(name) for name in ids)


def test_a_stated_name_is_the_name_of_the_dag(plan: Any) -> None:
    assert plan("Create a DAG named nightly_orders that runs `select 1` in Postgres.").spec.dag_id == "nightly_orders"


def test_a_name_that_could_be_a_path_is_not_taken_over(plan: Any) -> None:
    answer = plan("Create a DAG named ../../etc/passwd that runs `select 1` in Postgres every day.")
    assert _PLAIN.match(answer.spec.dag_id)
    assert "etc" not in answer.spec.dag_id


def test_a_dag_of_that_name_in_the_deployment_is_not_overwritten(plan: Any) -> None:
    text = "Create a DAG named nightly_orders that runs `select 1` in Postgres."
    assert plan(text, DeploymentContext(dag_ids=("nightly_orders",))).spec.dag_id == "nightly_orders_2"
