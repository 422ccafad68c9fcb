"""Stated values, the service they belong to, and which end of the work a service is."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("Delete old files from the S3 bucket web-logs.", "bucket", "web-logs"),
        ("Load the file into the Postgres table crm.leads.", "table", "crm.leads"),
        ("Read messages from the Kafka topic clicks-v1.", "topic", "clicks-v1"),
        ("Post a message to the Slack channel #ops.", "channel", "#ops"),
        ("Call the Lambda function resize-images.", "function", "resize-images"),
        ("Load the rows into the Snowflake table `RAW.EVENTS`.", "table", "RAW.EVENTS"),
        ("Run `CALL fin.close_month()` in Postgres.", "procedure", "CALL fin.close_month()"),
        ("Run `select 1` in Snowflake.", "sql", "select 1"),
        ("Mail the file to desk@example.com.", "recipients", "desk@example.com"),
    ],
)
def test_a_value_is_named_by_the_word_beside_it_or_by_its_shape(read: Any, text: str, name: str, value: str) -> None:
    assert value in read(text).values(0, name)


def test_a_value_may_stand_before_its_word(read: Any) -> None:
    assert read("Read the `orders` topic from Kafka.").values(0, "topic") == ("orders",)


def test_a_service_name_is_never_a_value(read: Any) -> None:
    reading = read("Copy the table Postgres orders_raw into the bucket in S3.")
    values = [item.slot.value for step in reading.flow.steps for item in step.slots]
    assert "Postgres" not in values
    assert "S3" not in values


def test_values_belong_to_the_service_they_stand_with(read: Any) -> None:
    reading = read("Copy the table shop.orders from MySQL to the table raw.orders in Snowflake.")
    owned = {item.slot.value: item.service for item in reading.flow.steps[0].slots}
    assert owned == {"shop.orders": "mysql", "raw.orders": "snowflake"}


def test_an_address_implies_its_service(read: Any) -> None:
    assert read("Copy s3://in/a.csv to gs://out/a.csv.").said == ["copy amazon_s3 > google_cloud_storage"]


@pytest.mark.parametrize(
    "text",
    [
        "Copy the table a.b from MySQL to BigQuery.",
        "Copy to BigQuery the table a.b from MySQL.",
        "Copier la table a.b de MySQL vers BigQuery.",
        "Copiar la tabla a.b desde MySQL hacia BigQuery.",
        "Copiar a tabela a.b do MySQL para BigQuery.",
        "把表 a.b 从 MySQL 复制到 BigQuery。",
    ],
)
def test_from_and_to_are_understood_in_any_order_and_language(read: Any, text: str) -> None:
    assert read(text).said == ["copy mysql > google_bigquery"]


def test_with_names_the_tool_that_does_the_work(read: Any) -> None:
    (step,) = read("Sync Salesforce to Snowflake with Airbyte.").flow.steps
    assert (step.source, step.target, step.tool) == ("salesforce", "snowflake", "airbyte")


def test_what_is_no_longer_used_is_no_part_of_the_work(read: Any) -> None:
    reading = read("Write the rows of https://api.example.com/v1/rows to Postgres instead of Oracle, table a.b.")
    assert all("oracle" not in step.services for step in reading.flow.steps)


def test_a_correction_takes_back_what_was_said_before_it(read: Any) -> None:
    reading = read("Load s3://in/a.csv into Redshift... no, Snowflake, table raw.a.")
    services = {service for step in reading.flow.steps for service in step.services}
    assert "snowflake" in services
    assert "redshift" not in services
    assert "amazon_redshift" not in services


def test_one_verb_with_objects_in_several_services_is_one_step_each(read: Any) -> None:
    reading = read("Delete the old rows from Postgres table a.x, MySQL table b.y and Snowflake table c.z.")
    assert reading.said == ["delete postgres", "delete mysql", "delete snowflake"]
    assert [reading.values(index, "table") for index in range(3)] == [("a.x",), ("b.y",), ("c.z",)]
