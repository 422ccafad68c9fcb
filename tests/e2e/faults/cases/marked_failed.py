"""A person sets the running task to failed."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("cancelled_externally",),
    "evidence": "patch_task_instance",
    "acceptable": ("none", "clear_rerun"),
    "harmful": (),
    "mark_failed": True,
}


@dag(schedule=None)
def marked_failed():
    command = BashOperator(task_id="job", bash_command="sleep 60")


marked_failed()
