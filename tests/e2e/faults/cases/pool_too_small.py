"""The task needs more slots than its pool has."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("missing_pool",),
    "evidence": '"pool_total_slots": 1',
    "shown": "the pool can never hold the task",
    "acceptable": ("resize_pool",),
    "harmful": ("clear_rerun",),
    "state": "scheduled",
    "seconds": 6,
}


@dag(schedule=None)
def pool_too_small():
    command = BashOperator(task_id="job", bash_command="true", pool="narrow", pool_slots=3)


pool_too_small()
