"""Assets: what a task writes is said to Airflow, so that other DAGs can be scheduled on it."""

from __future__ import annotations

from dataclasses import replace

from airflow_provider_wfintel.engine.model import LiteralValue, TaskSpec

__all__ = ["accepted_name", "with_outlets"]

# Addresses that Airflow's providers take apart when an `Asset` is made: how many parts the path must have. The first
# part after `://` is the host, the account or, for BigQuery, the project.
_PATH_PARTS = {
    "postgres": 3, "postgresql": 3, "mysql": 2, "mariadb": 2, "snowflake": 3, "bigquery": 2, "redshift": 3, "mssql": 3,
    "databricks": 3, "trino": 3,
}  # fmt: skip

# Targets by operator argument: scheme, bucket argument, key argument.
_OBJECTS = (
    (
        "s3",
        ("s3_bucket", "dest_bucket_name", "dest_bucket", "bucket"),
        ("s3_key", "dest_bucket_key", "dest_key", "key"),
    ),
    (
        "gs",
        ("destination_bucket", "bucket_name", "bucket", "dst_bucket"),
        ("destination_object", "object_name", "dst", "key"),
    ),
)
_STORES = {"amazon_s3": _OBJECTS[0], "google_cloud_storage": _OBJECTS[1]}
_TABLES = ("table", "table_name", "destination_table", "bigquery_table", "snowflake_table", "redshift_table")
_CONNECTIONS = (
    "conn_id",
    "destination_conn_id",
    "redshift_conn_id",
    "snowflake_conn_id",
    "postgres_conn_id",
    "mysql_conn_id",
)
_LIVE = ("{{", "{%", "*", "?", "<")


def with_outlets(tasks: tuple[TaskSpec, ...]) -> tuple[TaskSpec, ...]:
    """Add the assets that loading and copying tasks write, where the words name them whole."""
    return tuple(_with_outlet(task) if task.action in ("load", "copy") and not task.outlets else task for task in tasks)


def accepted_name(uri: str) -> str:
    """The name of an asset that Airflow accepts: the address itself, or one without its scheme if parts of it are missing."""
    scheme, mark, rest = uri.partition("://")
    parts = [part for part in rest.split("/") if part]
    wanted = _PATH_PARTS.get(scheme.lower())
    if not mark or wanted is None or len(parts) == wanted + 1:
        return uri
    return f"{scheme}/{rest}"


def _with_outlet(task: TaskSpec) -> TaskSpec:
    if task.mapping is not None or not task.services:
        return task
    store = _STORES.get(task.services[-1])
    uri = _object_uri(task, *store) if store is not None else _table_name(task)
    return replace(task, outlets=(uri,)) if uri else task


def _text(task: TaskSpec, names: tuple[str, ...]) -> str:
    for name in names:
        argument = task.argument(name)
        if argument is not None and isinstance(argument.value, LiteralValue) and isinstance(argument.value.value, str):
            return argument.value.value
    return ""


def _object_uri(task: TaskSpec, scheme: str, buckets: tuple[str, ...], keys: tuple[str, ...]) -> str:
    bucket, key = _text(task, buckets), _text(task, keys)
    whole = f"{scheme}://{bucket}/{key.lstrip('/')}"
    if not bucket or not key or key.endswith("/") or "://" in bucket + key or any(mark in whole for mark in _LIVE):
        return ""
    return whole if whole.isascii() and " " not in whole else ""


def _table_name(task: TaskSpec) -> str:
    """A table is named by its connection: the same table name may stand in two databases."""
    table, connection = _text(task, _TABLES), _text(task, _CONNECTIONS)
    name = f"{connection}/{table}"
    plain = all(letter.isalnum() or letter in "_./-" for letter in name)
    return name if table and connection and plain and name.isascii() else ""
