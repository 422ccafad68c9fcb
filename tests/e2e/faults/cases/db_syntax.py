"""The statement does not parse."""

from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("sql_error",),
    "evidence": "syntax error at or near",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def db_syntax():
    load = SQLExecuteQueryOperator(task_id="job", conn_id="shop_db", sql="SELECT id, FROM orders WHERE")


db_syntax()
