"""A branch: what lies behind it depends on what it chose."""
from datetime import datetime

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import BranchPythonOperator, PythonOperator
from airflow.sdk import DAG

import etl_lib


def which(ds):
    return "full_check" if ds.endswith("-01") else "short_check"


with DAG("tram_depot", schedule="@daily", start_date=datetime(2025, 1, 1), catchup=False) as dag:
    read = PythonOperator(task_id="read", python_callable=etl_lib.extract, op_args=["trams", 40])
    choose = BranchPythonOperator(task_id="choose", python_callable=which)
    full = PythonOperator(task_id="full_check", python_callable=etl_lib.transform, op_args=["checked_full", ["raw_trams"], 90])
    short = PythonOperator(task_id="short_check", python_callable=etl_lib.transform, op_args=["checked_short", ["raw_trams"], 25])
    done = EmptyOperator(task_id="done", trigger_rule="none_failed_min_one_success")
    read >> choose >> [full, short] >> done
