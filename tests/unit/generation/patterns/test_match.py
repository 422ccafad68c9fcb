"""Recognition: a description in words is told which pattern it follows, with the reasons."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.service import generate

TEXTS = {
    "approval_publish": (
        "Run `CALL close_month()` in Postgres, get an approval, then publish with `CALL publish()` in Postgres."
    ),
    "asset_chain": "When the asset `raw/visits` is updated, run the SQL `CALL sum_visits()` in Snowflake.",
    "backup_verify": (
        "Nightly backup: run the shell command `pg_dump crm -f /b/crm.sql`, then run the "
        "shell command `gzip /b/crm.sql`."
    ),
    "container_job": "Run the image `acme/etl:2` as a pod on Kubernetes each night.",
    "dbt_build": "Run `dbt run`, then `dbt test` every morning.",
    "file_landing": ("Wait for the file s3://drop/in.csv, then load s3://drop/in.csv into the Redshift table `raw.a`."),
    "full_refresh": (
        "Truncate the Snowflake table `raw.a`, then copy the Postgres table `app.a` to the Snowflake table `raw.a`."
    ),
    "micro_batch": (
        "Every five minutes, read the Kafka topic `clicks` and insert the messages into "
        "the Postgres table `raw.clicks`."
    ),
    "partner_export": (
        "Export the query `SELECT 1` from Postgres to s3://out/a.csv, then copy "
        "s3://out/a.csv to the partner's SFTP at `/in/a.csv`."
    ),
    "report_mail": ("Run the SQL `CALL build_report()` in Snowflake, then email the report to boss@example.com."),
    "reverse_etl": (
        "Query the rows with `SELECT * FROM leads` from Snowflake, then load the rows into the Salesforce table `Lead`."
    ),
    "skip_when_empty": (
        "Count the rows of the Postgres table `a.b`. Skip the rest when there are no "
        "rows. Then run `CALL c()` in Postgres."
    ),
    "spark_submit": (
        "Submit the Spark application `/jobs/a.py`, then check that the Postgres table `a.b` is not empty."
    ),
    "tables_fan_out": "For each table in [a, b, c] copy it from MySQL to Snowflake.",
}


@pytest.mark.parametrize(("name", "text"), TEXTS.items())
def test_a_description_follows_its_pattern(name, text):
    found = generate(text).patterns
    assert found[0].id == name
    assert 0.5 <= found[0].confidence <= 1
    assert any(reason.startswith("the text says") for reason in found[0].why)
    assert any(reason.startswith("a step is") for reason in found[0].why)


@pytest.mark.parametrize(
    "text",
    [
        "Run the shell command `date` every hour.",
        "Post to the Slack channel #team every Friday at 16:00.",
        "Run the SQL `SELECT 'backup report with spark'` in Postgres.",
        "Nice weather today.",
    ],
)
def test_other_work_follows_none(text):
    assert generate(text).patterns == ()


def test_the_best_three_come_in_order():
    found = generate(TEXTS["full_refresh"] + " Then check that the Snowflake table `raw.a` is not empty.").patterns
    assert len(found) <= 3
    assert [item.confidence for item in found] == sorted((item.confidence for item in found), reverse=True)
