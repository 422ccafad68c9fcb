"""The statement does not parse."""

from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.sdk import dag

TRIAL = {
    "kind": "escalate",
    "acceptable": (),
}


@dag(schedule=None)
def bad_sql():
    SQLExecuteQueryOperator(task_id="job", conn_id="shop_db", sql="SELECT id, FROM orders")


bad_sql()
