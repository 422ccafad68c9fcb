"""Ferry tickets: sales by line, then prices, then the season's forecast."""
from datetime import datetime, timedelta

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

import etl_lib

LINES = ["north", "south", "island", "night", "cargo", "lake"]


def list_lines(**context):
    context["ti"].xcom_push(key="lines", value=LINES)
    return LINES


def load_lines(**context):
    for line in context["ti"].xcom_pull(task_ids="list_lines"):
        etl_lib.extract(f"sales_{line}", seconds=2.5)
        etl_lib.run_sql(f"MERGE INTO sales_{line} USING raw_sales_{line} ON id", seconds=1.5)


def price_lines(ti):
    for line in LINES:
        etl_lib.transform(f"prices_{line}", inputs=[f"sales_{line}"], seconds=2)


def forecast(**_):
    etl_lib.transform("forecast", [f"prices_{line}" for line in LINES], seconds=4)


def crew_plan():
    etl_lib.extract("crew", seconds=6)
    etl_lib.transform("crew_plan", ["raw_crew"], seconds=3)


with DAG(
    dag_id="ferry_tickets",
    schedule=None,
    start_date=datetime(2025, 1, 1),
    catchup=False,
    default_args=dict(owner="port", retries=1, retry_delay=timedelta(seconds=15)),
) as dag:
    t1 = PythonOperator(task_id="list_lines", python_callable=list_lines)
    t2 = PythonOperator(task_id="load_lines", python_callable=load_lines)
    t3 = PythonOperator(task_id="price_lines", python_callable=price_lines)
    t4 = PythonOperator(task_id="forecast", python_callable=forecast)
    t5 = PythonOperator(task_id="crew_plan", python_callable=crew_plan)
    t1.set_downstream(t2)
    t2.set_downstream(t3)
    t3.set_downstream(t4)
    t4.set_downstream(t5)
