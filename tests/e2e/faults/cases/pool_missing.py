"""The task names a pool that nobody made."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("missing_pool",),
    "evidence": '"pool_exists": false',
    "shown": "the pool pool_of_nobody does not exist",
    "acceptable": ("create_pool",),
    "harmful": ("clear_rerun",),
    "state": "scheduled",
    "seconds": 6,
    "quick": True,
}


@dag(schedule=None)
def pool_missing():
    command = BashOperator(task_id="job", bash_command="true", pool="pool_of_nobody")


pool_missing()
