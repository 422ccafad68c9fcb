"""The nightly mart: two sources, two stages, one report. Everything waits for everything."""

from datetime import datetime

from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.sdk import DAG

with DAG(
    "nightly_mart",
    schedule="0 2 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    default_args={"conn_id": "dwh", "retries": 1},
):
    orders = SQLExecuteQueryOperator(
        task_id="orders", sql="INSERT INTO stage.orders SELECT * FROM raw.orders WHERE day = '{{ ds }}'"
    )
    users = SQLExecuteQueryOperator(
        task_id="users", sql="INSERT INTO stage.users SELECT * FROM raw.users WHERE day = '{{ ds }}'"
    )
    prices = SQLExecuteQueryOperator(
        task_id="prices", sql="INSERT INTO stage.prices SELECT * FROM raw.prices WHERE day = '{{ ds }}'"
    )
    report = SQLExecuteQueryOperator(
        task_id="report",
        sql="INSERT INTO mart.report SELECT * FROM stage.orders JOIN stage.users USING (user_id) JOIN stage.prices USING (item)",
    )
    orders >> users >> prices >> report
