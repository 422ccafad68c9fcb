"""A connection is not defined."""

from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("missing_connection",),
    "evidence": "warehouse_main",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def connection_missing():
    load = SQLExecuteQueryOperator(task_id="job", conn_id="warehouse_main", sql="SELECT 1")


connection_missing()
