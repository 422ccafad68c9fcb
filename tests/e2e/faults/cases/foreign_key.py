"""A row refers to an order that is not there."""

from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("constraint_violation",),
    "evidence": "violates foreign key constraint",
    "acceptable": ("escalate",),
    "harmful": ("clear_rerun",),
}


@dag(schedule=None)
def foreign_key():
    load = SQLExecuteQueryOperator(
        task_id="job",
        conn_id="shop_db",
        sql=[
            "CREATE TABLE lines (order_id integer REFERENCES orders (id))",
            "INSERT INTO lines VALUES (4711)",
        ],
    )


foreign_key()
