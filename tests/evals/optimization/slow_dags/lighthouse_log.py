"""Lighthouse logs. The list of lights is looked up when the file is read, which takes a while."""
import time
from datetime import datetime

import etl_lib
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


def look_up_keepers():
    time.sleep(2)
    return {"ar_men": "le gall", "bell_rock": "reid", "eddystone": "hall"}


KEEPERS = look_up_keepers()


def copy_log(light):
    print("log of", light, "kept by", KEEPERS[light])
    etl_lib.receive(f"log_{light}", wait=4)


def bind_logs():
    etl_lib.derive("bound", [f"in_log_{light}" for light in ("ar_men", "bell_rock", "eddystone")], wait=3)


with DAG("lighthouse_log", schedule=None, start_date=datetime(2026, 1, 1), catchup=False) as dag:
    ar_men = PythonOperator(task_id="ar_men", python_callable=copy_log, op_args=["ar_men"])
    bell_rock = PythonOperator(task_id="bell_rock", python_callable=copy_log, op_args=["bell_rock"])
    eddystone = PythonOperator(task_id="eddystone", python_callable=copy_log, op_args=["eddystone"])
    bind = PythonOperator(task_id="bind_logs", python_callable=bind_logs)
    ar_men >> bell_rock >> eddystone >> bind
