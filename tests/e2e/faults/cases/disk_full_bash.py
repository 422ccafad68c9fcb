"""The disk is full while a command writes."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("disk_full",),
    "evidence": "No space left on device",
    "acceptable": ("escalate", "free_disk"),
    "harmful": ("retry_backoff",),
    "quick": True,
}


@dag(schedule=None)
def disk_full_bash():
    export = BashOperator(task_id="job", bash_command="echo exporting; seq 1 100000 > /dev/full")


disk_full_bash()
