"""The template file is not there."""

from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("template_error",),
    "evidence": "clean_orders.sql",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def template_missing():
    load = SQLExecuteQueryOperator(task_id="job", conn_id="shop_db", sql="sql/clean_orders.sql")


template_missing()
