"""Rows of a day, partitions, and loads that add to a table."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("Daily copy yesterday's rows of the Postgres table o to the Snowflake table raw.o.", "created_at >= '{{ macros.ds_add(ds, -1) }}' AND created_at < '{{ ds }}'"),
        ("Daily copy the rows changed yesterday's of the Postgres table orders for yesterday to the Snowflake table raw.orders.", "updated_at >= '{{ macros.ds_add(ds, -1) }}' AND updated_at < '{{ ds }}'"),
        ("Daily copy the rows of the run date from the Postgres table orders to the Snowflake table raw.orders.", "created_at >= '{{ ds }}' AND created_at < '{{ macros.ds_add(ds, 1) }}'"),
        ("Daily extract the rows updated since yesterday from the Postgres table orders and load them into the Snowflake table raw.orders.", "updated_at >= '{{ macros.ds_add(ds, -1) }}'"),
        ("Daily copy the data of the last 7 days from the Postgres table orders to the Snowflake table raw.orders.", "created_at >= '{{ macros.ds_add(ds, -7) }}'"),
    ],
    ids=lambda value: value[:50],
)  # fmt: skip
def test_only_the_rows_of_those_days_are_read(plan: Any, text: str, where: str) -> None:
    done = plan(text.replace("table o ", "table orders "))
    assert f"WHERE {where}" in done.source
    assert any(item.about == "sql" for item in done.assumptions)


def test_a_partition_of_bigquery_is_deleted_and_the_load_adds_to_the_table(plan: Any, values: Any) -> None:
    drop, load = plan("Daily drop the BigQuery partition of yesterday from web.hits, then load gs://raw/hits/*.json into it.").spec.tasks  # fmt: skip
    query = values(drop)["configuration"]["query"]["query"]
    assert query == {"__template__": "DELETE FROM web.hits WHERE _PARTITIONDATE = DATE '{{ macros.ds_add(ds, -1) }}'"}
    assert values(load)["write_disposition"] == "WRITE_APPEND"


@pytest.mark.parametrize(
    ("path", "disposition"),
    [("gs://raw/hits/*.json", "WRITE_TRUNCATE"), ("gs://raw/hits/{{ ds }}/*.json", "WRITE_APPEND")],
)
def test_what_happens_to_the_rows_that_are_there_is_told(plan: Any, values: Any, path: str, disposition: str) -> None:
    done = plan(f"Daily load {path} into the BigQuery table web.hits.")
    assert values(done.spec.tasks[0])["write_disposition"] == disposition
    assert any(disposition in item.text for item in done.assumptions)


def test_a_sensor_waits_for_the_row_of_the_day(plan: Any) -> None:
    source = plan(
        "Daily 4:30 wait for the Snowflake table etl.flags to have a row for the run date, then run `a.sh`."
    ).source
    assert "SELECT COUNT(*) FROM etl.flags WHERE created_at >= '{{ ds }}'" in source


def test_rows_are_told_apart_by_the_columns_behind_a_dotted_table(plan: Any, values: Any) -> None:
    done = plan("Daily fetch rates from https://api.rates.io/latest and upsert them into the MySQL table fx.rates on currency, day.")  # fmt: skip
    assert values(done.spec.tasks[-1])["key_columns"] == ["currency", "day"]
