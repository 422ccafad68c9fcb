"""Every content word of a description is carried by its task, or listed as unused, warned of and noted on the task."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.service import generate
from airflow_provider_wfintel.engine.model import Generation


def _unused(answer: Generation) -> list[str]:
    return [span.of(answer.text) for span in answer.unused]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Daily at 6 copy the Postgres table shop.orders to s3://lake/orders/ as an overview.", "as an overview"),
        (
            "Nightly at 1 load s3://in/a.csv into the Snowflake table FIN.A with the tax template.",
            "with the tax template",
        ),
        ("Daily at 3 run `/opt/close.sh`, politely.", "politely"),
        ("Daily at 3 run `CALL dw.load()` in Redshift so that auditors can trace it.", "so that auditors can trace it"),
        ("Daily at 3 mail the file /srv/a.pdf to a@example.com translated into Latin.", "translated into Latin"),
        ("Every hour refresh the Tableau workbook Ops and print it on pink paper.", "print it on pink paper"),
        ("Daily at 4 copy the MySQL table a.b to BigQuery table a.b. Juggle the crates.", "Juggle the crates"),
        ("Täglich um 6 Uhr die Postgres-Tabelle a.b nach s3://lake/b/ kopieren, hübsch verziert.", "hübsch verziert"),
    ],
)
def test_words_that_nothing_carries_are_told(text: str, words: str) -> None:
    answer = generate(text)
    assert words in _unused(answer)
    assert any(repr(words) in item.text for item in answer.warnings if item.about in ("not_done", "unread"))


def test_the_task_that_the_words_belong_to_has_a_note() -> None:
    answer = generate("Daily at 6 copy the Postgres table shop.orders to s3://lake/orders/ as an overview.")
    (task,) = answer.spec.tasks
    assert task.note == "Not done here: 'as an overview'."
    assert "Not done here: 'as an overview'." in answer.source


@pytest.mark.parametrize(
    "text",
    [
        "Every night at 2 run the Presto query `SELECT count(*) FROM web.hits` on Dataproc.",
        "At 3 every day copy s3://in-bucket/raw/ to gs://out-bucket/raw/ using Storage Transfer.",
    ],
)
def test_a_service_that_the_words_bind_to_a_step_and_the_task_does_not_use_is_told(text: str) -> None:
    answer = generate(text)
    told = " ".join(_unused(answer))
    assert "Dataproc" in told or "Storage Transfer" in told


def test_a_second_verb_without_a_task_is_told_in_an_alert_too() -> None:
    answer = generate("Daily at 3 run `/opt/a.sh`. If it fails mail ops@example.com quoting the stack trace.")
    assert [alert.target for alert in answer.spec.alerts] == ["ops@example.com"]
    assert "quoting the stack trace" in _unused(answer)


@pytest.mark.parametrize(
    "text",
    [
        "Weekdays at 7 fetch /orders from the shop API (connection shop_api) and load it into the Postgres table x.",
        "Daily at 6 copy the MySQL table a.b to s3://lake/b/, then run `dbt build` and post 'done' to #data on Slack.",
        "Nightly housekeeping: delete the rows older than 90 days from the Postgres table audit.log.",
        "Extract the table sales.orders from Postgres daily, convert it to parquet and upload it to gs://lake/o/.",
        "Check that the Snowflake table SALES.ORDERS is not empty; if not, mail ops@example.com. Daily at 9.",
        "Once the DAG import_users is finished, run the Databricks job 4711; both teams are told in #ops on Slack.",
        "Montags um 8 Uhr die MySQL-Tabelle a.b nach BigQuery in die Tabelle a.b kopieren, dann `dbt build` ausführen.",
        "Tous les jours à 5 h, copier la table MySQL boutique.ventes vers gs://lac/ventes/.",
        "Cada día a las 6 copiar la tabla Postgres tienda.pedidos a s3://lago/pedidos/.",
        "Hi all, thanks. Steps:\n1. Export the Oracle table A.B to s3://x/a/.\n2. Run `dbt build`.\nDaily at 2.",
    ],
)
def test_what_a_task_carries_is_not_told(text: str) -> None:
    assert _unused(generate(text)) == []


def test_a_name_that_stands_in_a_value_does_not_carry_the_words_around_it() -> None:
    answer = generate("Daily load s3://finance/a.csv into the Postgres table finance.a with the finance template.")
    assert "with the finance template" in _unused(answer)
