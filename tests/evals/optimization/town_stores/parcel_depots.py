"""Checks on the parcels of a depot, each a task of its own."""
from datetime import datetime, timedelta
from functools import partial

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, TaskGroup, chain

import etl_lib

CHECKS = """
weight length width height address postcode country sender recipient phone value customs
battery fragile insured express locker proof barcode
""".split()

quick = partial(etl_lib.transform, inputs=["raw_parcels"], seconds=0.15)


def check(what):
    quick(f"check_{what}")


with DAG(
    "parcel_depots",
    schedule=None,
    start_date=datetime(2025, 1, 1),
    catchup=False,
    default_args={"retries": 2, "retry_delay": timedelta(seconds=5), "owner": "depot"},
    max_active_runs=1,
) as dag:
    start = EmptyOperator(task_id="start")
    scan = PythonOperator(task_id="scan", python_callable=etl_lib.extract, op_args=["parcels"], op_kwargs={"seconds": 3})
    with TaskGroup("checks") as checks:
        tasks = [PythonOperator(task_id=what, python_callable=check, op_args=[what]) for what in CHECKS]
        chain(*tasks)
    route = PythonOperator(
        task_id="route", python_callable=etl_lib.transform, op_args=["routes"], op_kwargs={"inputs": ["raw_parcels", *(f"check_{w}" for w in CHECKS)], "seconds": 3}
    )
    trucks = PythonOperator(task_id="trucks", python_callable=etl_lib.extract, op_args=("trucks", 5))
    load = PythonOperator(task_id="load", python_callable=etl_lib.transform, op_args=["loading", ["routes", "raw_trucks"], 2])
    end = EmptyOperator(task_id="end", trigger_rule="all_success")
    chain(start, scan, checks, route, trucks, load, end)
