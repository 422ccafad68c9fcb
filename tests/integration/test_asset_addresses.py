"""Addresses of assets in a real Airflow: providers take them apart when an `Asset` is made."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.planning.assets import accepted_name

pytestmark = pytest.mark.integration

# One address of each scheme that has all its parts, and one that lacks some.
WHOLE = (
    "s3://bucket/key", "gs://bucket/key", "gcs://bucket/key", "wasb://container@account/key", "abfs://container@account/key",
    "abfss://container@account/key", "file:///data/a.csv", "postgres://host/db/public/orders", "postgresql://host/db/public/orders",
    "mysql://host/db/orders", "mariadb://host/db/orders", "snowflake://account/db/public/orders", "bigquery://project/shop/orders",
    "redshift://host/db/public/orders", "mssql://host/db/dbo/orders", "trino://host/hive/shop/orders",
    "databricks://host/catalog/shop/orders",
)  # fmt: skip
SHORT = (
    "postgres://shop/orders", "postgres://orders", "mysql://orders", "mysql://shop/orders", "snowflake://shop/orders",
    "snowflake://db/shop/orders", "bigquery://shop/orders", "redshift://shop/orders", "mssql://shop/orders", "trino://shop/orders",
    "databricks://shop/orders", "s3://bucket", "orders",
)  # fmt: skip


@pytest.mark.parametrize("uri", [*WHOLE, *SHORT])
def test_every_asset_that_a_file_names_can_be_made(uri):
    from airflow.sdk import Asset

    assert Asset(accepted_name(uri)).name == accepted_name(uri)


@pytest.mark.parametrize("uri", WHOLE)
def test_whole_addresses_stay_as_they_are(uri):
    assert accepted_name(uri) == uri
