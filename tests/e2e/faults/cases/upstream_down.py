"""The task before failed."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("upstream_failed",),
    "evidence": '"extract": "failed"',
    "shown": "upstream_failed",
    "acceptable": ("rerun_upstream", "clear_rerun"),
    "harmful": (),
    "state": "upstream_failed",
    "quick": True,
}


@dag(schedule=None)
def upstream_down():
    extract = BashOperator(task_id="extract", bash_command="exit 5")
    extract >> BashOperator(task_id="job", bash_command="true")


upstream_down()
