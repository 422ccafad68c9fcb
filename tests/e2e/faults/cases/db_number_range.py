"""A number is too large for its column."""

from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("type_conversion_error",),
    "evidence": "integer out of range",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def db_number_range():
    load = SQLExecuteQueryOperator(
        task_id="job", conn_id="shop_db", sql="INSERT INTO orders (id, qty) SELECT 91, 3000000000"
    )


db_number_range()
