"""A check finds too few rows."""

from airflow.providers.common.sql.operators.sql import SQLCheckOperator
from airflow.sdk import dag

TRIAL = {
    "kind": "escalate",
    "acceptable": (),
}


@dag(schedule=None)
def check_failed():
    SQLCheckOperator(task_id="job", conn_id="shop_db", sql="SELECT count(*) > 1000 FROM orders")


check_failed()
