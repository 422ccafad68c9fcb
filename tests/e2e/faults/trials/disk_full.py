"""The disk is full."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import dag

TRIAL = {
    "kind": "escalate",
    "acceptable": (),
}


@dag(schedule=None)
def disk_full():
    BashOperator(task_id="job", bash_command="seq 1 100000 > /dev/full")


disk_full()
