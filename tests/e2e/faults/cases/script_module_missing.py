"""A module that a command starts is not installed."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("missing_dependency",),
    "evidence": "No module named shop_forecast",
    "acceptable": ("install_dependency", "escalate"),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def script_module_missing():
    command = BashOperator(task_id="job", bash_command="python -m shop_forecast --day 2026-03-02")


script_module_missing()
