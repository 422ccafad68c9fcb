"""The task needs more slots than its pool has."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import dag

TRIAL = {
    "kind": "resolvable",
    "acceptable": ("resize_pool",),
    "state": "scheduled",
}


@dag(schedule=None)
def pool_too_small():
    BashOperator(task_id="job", bash_command="true", pool="narrow", pool_slots=3)


pool_too_small()
