"""A script that a command runs breaks."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("python_error",),
    "evidence": "KeyError: 'price'",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def script_traceback():
    command = BashOperator(
        task_id="job",
        bash_command="python -c \"rows = [{'id': 1}]; print('summing 1 row'); print(sum(row['price'] for row in rows))\"",
    )


script_traceback()
