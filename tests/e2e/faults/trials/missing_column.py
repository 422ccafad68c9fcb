"""A query names a column that was renamed."""

from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.sdk import dag

TRIAL = {
    "kind": "escalate",
    "acceptable": (),
}


@dag(schedule=None)
def missing_column():
    SQLExecuteQueryOperator(task_id="job", conn_id="shop_db", sql="SELECT sum(discount) FROM orders")


missing_column()
