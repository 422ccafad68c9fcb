"""Names of assets that Airflow accepts."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_wfintel.engine.generation.planning.assets import accepted_name


@pytest.mark.parametrize(
    "uri",
    [
        "s3://lake/a.csv",
        "orders",
        "gs://lake/a",
        "snowflake://account/db/public/orders",
        "bigquery://project/shop/orders",
    ],
)
def test_what_airflow_accepts_stays(uri: str) -> None:
    assert accepted_name(uri) == uri


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("snowflake://shop/orders", "snowflake/shop/orders"),
        ("postgres://orders", "postgres/orders"),
        ("mysql://h/t", "mysql/h/t"),
    ],
)
def test_an_address_with_parts_missing_becomes_a_name(uri: str, name: str) -> None:
    assert accepted_name(uri) == name


def test_a_changed_name_is_the_same_for_schedule_and_outlet_and_is_said(plan: Any) -> None:
    answer = plan(
        "Whenever the asset mysql://shop/orders is updated, run `dbt build` and then publish the asset mysql://shop/totals."
    )
    assert answer.spec.schedule.assets.uris == ("mysql/shop/orders",)
    assert answer.spec.tasks[-1].outlets == ("mysql/shop/totals",)
    assert any("'mysql/shop/totals'" in item.text for item in answer.assumptions)
