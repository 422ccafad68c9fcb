"""A text is longer than its column."""

from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("constraint_violation",),
    "evidence": "value too long for type character varying",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def too_long():
    load = SQLExecuteQueryOperator(
        task_id="job",
        conn_id="shop_db",
        sql=["CREATE TABLE regions (name varchar(5))", "INSERT INTO regions VALUES ('north-east')"],
    )


too_long()
