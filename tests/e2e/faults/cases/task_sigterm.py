"""The task process gets SIGTERM from a command that it runs."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("killed_by_signal", "cancelled_externally"),
    "evidence": "SIGTERM",
    "acceptable": ("retry_backoff", "clear_rerun"),
    "harmful": (),
}


@dag(schedule=None)
def task_sigterm():
    command = BashOperator(task_id="job", bash_command="kill -TERM $$; sleep 5")


task_sigterm()
