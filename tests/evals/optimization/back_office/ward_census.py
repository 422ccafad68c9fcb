"""Bed census per ward: collect, reconcile, publish."""
from datetime import datetime

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, TaskGroup

import etl_lib

WARDS = ["icu", "surgery", "maternity", "paediatrics", "geriatrics"]
COLLECT = dict(icu=9, surgery=3, maternity=2, paediatrics=6, geriatrics=4)
RECONCILE = dict(zip(WARDS, [2, 8, 9, 3, 5]))
PUBLISH = {ward: 11 - RECONCILE[ward] for ward in WARDS}


def collect(ward):
    etl_lib.produce(f"beds_{ward}", took=COLLECT[ward])


def reconcile(ward):
    etl_lib.produce(f"census_{ward}", f"beds_{ward}", took=RECONCILE[ward])


def publish(ward):
    etl_lib.produce(f"board_{ward}", f"census_{ward}", took=PUBLISH[ward])


with DAG("ward_census", schedule=None, start_date=datetime(2025, 1, 1), catchup=False) as dag:
    groups = []
    for name, call in (("collect", collect), ("reconcile", reconcile), ("publish", publish)):
        with TaskGroup(group_id=name) as group:
            for ward in WARDS:
                PythonOperator(task_id=ward, python_callable=call, op_args=[ward])
        groups.append(group)

    total = PythonOperator(
        task_id="total",
        python_callable=lambda: etl_lib.produce("hospital_census", *[f"census_{w}" for w in WARDS], took=6),
    )
    groups[0] >> groups[1] >> groups[2] >> total
