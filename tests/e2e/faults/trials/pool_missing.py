"""The task names a pool that nobody made."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import dag

TRIAL = {
    "kind": "resolvable",
    "acceptable": ("create_pool",),
    "state": "scheduled",
}


@dag(schedule=None)
def pool_missing():
    BashOperator(task_id="job", bash_command="true", pool="pool_to_be_made")


pool_missing()
