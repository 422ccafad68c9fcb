"""A command fails and does not say why."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("process_exit_nonzero",),
    "evidence": "exit code 3",
    "acceptable": ("retry_backoff", "escalate"),
    "harmful": (),
}


@dag(schedule=None)
def command_exit():
    command = BashOperator(task_id="job", bash_command="echo 14 files done; exit 3")


command_exit()
