"""A load reads a table that nobody made."""

from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("missing_table_or_column",),
    "evidence": 'relation "staging.orders_2031" does not exist',
    "acceptable": ("wait_upstream_data", "rerun_upstream", "escalate"),
    "harmful": ("create_table",),
}


@dag(schedule=None)
def db_missing_table():
    load = SQLExecuteQueryOperator(
        task_id="job", conn_id="shop_db", sql="INSERT INTO orders SELECT * FROM staging.orders_2031"
    )


db_missing_table()
