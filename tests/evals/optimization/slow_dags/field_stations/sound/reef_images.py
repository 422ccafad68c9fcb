"""Groups side by side, each a chain of long steps, and a merge."""
from datetime import datetime

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, TaskGroup

import etl_lib

REEFS = {"north": 70, "middle": 90, "south": 60}

with DAG("reef_images", schedule=None, start_date=datetime(2025, 1, 1), catchup=False, max_active_tasks=8) as dag:
    merge = PythonOperator(task_id="merge", python_callable=etl_lib.transform, op_args=["atlas", [f"mosaic_{reef}" for reef in REEFS], 40])
    for reef, seconds in REEFS.items():
        with TaskGroup(reef) as group:
            shots = PythonOperator(task_id="shots", python_callable=etl_lib.extract, op_args=[f"shots_{reef}", seconds])
            mosaic = PythonOperator(task_id="mosaic", python_callable=etl_lib.transform, op_args=[f"mosaic_{reef}", [f"raw_shots_{reef}"], 80])
            shots >> mosaic
        group >> merge
