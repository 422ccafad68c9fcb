"""Hidden reasons: a flag, a variable, a service that must not be asked twice at once."""
import json
from datetime import datetime

import requests
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, Variable

import etl_lib


def close_gate():
    Variable.set("gate", json.dumps({"state": "closed"}))


def drain():
    requests.post("http://gates.example/drain", timeout=10)


def levels():
    etl_lib.extract("levels", 60)


with DAG("lock_gates", schedule=None, start_date=datetime(2025, 1, 1), catchup=False) as dag:
    close = PythonOperator(task_id="close_gate", python_callable=close_gate)
    empty = PythonOperator(task_id="drain", python_callable=drain)
    read = PythonOperator(task_id="levels", python_callable=levels)
    open_again = BashOperator(task_id="open_gate", bash_command="/opt/gates/open.sh {{ ds }}")
    close >> empty >> read >> open_again
