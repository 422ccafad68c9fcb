"""One long line in which each step needs the one before."""
from datetime import datetime, timedelta

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

import etl_lib

STEPS = [("parsed", "raw_tariff", 120), ("joined", "parsed", 90), ("checked", "joined", 200), ("published", "checked", 60)]

with DAG("customs_tariff", schedule="0 4 * * *", start_date=datetime(2025, 1, 1), catchup=False, default_args={"retries": 2, "retry_delay": timedelta(minutes=1)}) as dag:
    last = PythonOperator(task_id="tariff", python_callable=etl_lib.extract, op_args=["tariff", 150])
    for made, used, seconds in STEPS:
        step = PythonOperator(task_id=made, python_callable=etl_lib.transform, op_args=[made, [used], seconds])
        last >> step
        last = step
