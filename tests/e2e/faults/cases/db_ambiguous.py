"""The statement parses and means nothing."""

from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("sql_error",),
    "evidence": 'column reference "id" is ambiguous',
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def db_ambiguous():
    load = SQLExecuteQueryOperator(
        task_id="job", conn_id="shop_db", sql="SELECT id FROM orders a JOIN orders b ON a.qty = b.qty"
    )


db_ambiguous()
