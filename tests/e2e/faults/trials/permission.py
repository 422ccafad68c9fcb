"""The role may not read the table."""

from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.sdk import dag

TRIAL = {
    "kind": "escalate",
    "acceptable": (),
}


@dag(schedule=None)
def permission():
    SQLExecuteQueryOperator(task_id="job", conn_id="shop_db_reader", sql="SELECT * FROM payroll")


permission()
