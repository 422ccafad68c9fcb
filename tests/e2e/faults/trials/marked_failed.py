"""A person set the running task to failed."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import dag

TRIAL = {
    "kind": "escalate",
    "acceptable": (),
    "mark_failed": True,
}


@dag(schedule=None)
def marked_failed():
    BashOperator(task_id="job", bash_command="sleep 60")


marked_failed()
