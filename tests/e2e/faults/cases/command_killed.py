"""A command is killed."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("oom_killed", "killed_by_signal", "process_exit_nonzero"),
    "evidence": "137",
    "acceptable": ("increase_memory", "escalate"),
    "harmful": (),
}


@dag(schedule=None)
def command_killed():
    command = BashOperator(task_id="job", bash_command="bash -c 'kill -KILL $$'; exit $?")


command_killed()
