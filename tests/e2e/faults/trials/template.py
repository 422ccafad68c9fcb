"""A template names a variable that nobody gave."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import dag

TRIAL = {
    "kind": "escalate",
    "acceptable": (),
}


@dag(schedule=None)
def template():
    BashOperator(task_id="job", bash_command="echo {{ region.upper() }}")


template()
