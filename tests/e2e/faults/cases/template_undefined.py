"""A template names a variable that nobody gave."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("template_error",),
    "evidence": "'region' is undefined",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def template_undefined():
    command = BashOperator(task_id="job", bash_command="echo {{ region.upper() }}")


template_undefined()
