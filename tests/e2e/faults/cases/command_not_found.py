"""A program is not installed."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("missing_dependency", "process_exit_nonzero"),
    "evidence": "command not found",
    "acceptable": ("install_dependency", "escalate"),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def command_not_found():
    command = BashOperator(task_id="job", bash_command="echo start; orders-exporter --day 2026-03-02")


command_not_found()
