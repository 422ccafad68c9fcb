from datetime import datetime
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG
import etl_lib

WARDS = ["icu", "surgery", "maternity", "paediatrics", "geriatrics"]
COLLECT = dict(icu=9, surgery=3, maternity=2, paediatrics=6, geriatrics=4)
RECONCILE = {"icu": 2, "surgery": 8, "maternity": 9, "paediatrics": 3, "geriatrics": 5}


def census(ward):
    etl_lib.produce(f"beds_{ward}", took=COLLECT[ward])
    etl_lib.produce(f"census_{ward}", f"beds_{ward}", took=RECONCILE[ward])


def publish(ward):
    etl_lib.produce(f"board_{ward}", f"census_{ward}", took=11 - RECONCILE[ward])


def whole():
    etl_lib.produce("hospital_census", *[f"census_{w}" for w in WARDS], took=6)


with DAG("ward_census_expert", schedule=None, start_date=datetime(2025, 1, 1), catchup=False) as dag:
    total = PythonOperator(task_id="total", python_callable=whole)
    for ward in WARDS:
        c = PythonOperator(task_id=f"census_{ward}", python_callable=census, op_args=[ward])
        p = PythonOperator(task_id=f"publish_{ward}", python_callable=publish, op_args=[ward])
        c >> [p, total]
