"""A text arrives where a number belongs."""

from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("type_conversion_error",),
    "evidence": "invalid input syntax for type integer",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def db_bad_number():
    load = SQLExecuteQueryOperator(
        task_id="job", conn_id="shop_db", sql="INSERT INTO orders (id, qty) VALUES (90, 'twelve')"
    )


db_bad_number()
