"""A query names a column that was renamed."""

from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("missing_table_or_column",),
    "evidence": 'column "discount" does not exist',
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def db_missing_column():
    load = SQLExecuteQueryOperator(task_id="job", conn_id="shop_db", sql="SELECT sum(discount) FROM orders")


db_missing_column()
