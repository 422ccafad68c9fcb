"""A DAG as it was written for Airflow 2, with three things in it that Airflow 3 does not have any more."""

from datetime import datetime

from airflow.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG("old_style", schedule="@daily", start_date=datetime(2026, 1, 1), catchup=False):
    BashOperator(task_id="day", bash_command="echo {{ execution_date }}; echo {{ next_ds }}")
