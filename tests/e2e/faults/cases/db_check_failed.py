"""A check finds too few rows."""

from airflow.providers.common.sql.operators.sql import SQLCheckOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("data_quality_failed",),
    "evidence": "SELECT count(*) > 1000 FROM orders",
    "acceptable": ("wait_upstream_data", "escalate"),
    "harmful": ("skip_check",),
}


@dag(schedule=None)
def db_check_failed():
    check = SQLCheckOperator(task_id="job", conn_id="shop_db", sql="SELECT count(*) > 1000 FROM orders")


db_check_failed()
