"""The role may not read the table."""

from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("permission_denied",),
    "evidence": "permission denied for table payroll",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def db_permission():
    load = SQLExecuteQueryOperator(task_id="job", conn_id="shop_db_reader", sql="SELECT * FROM payroll")


db_permission()
