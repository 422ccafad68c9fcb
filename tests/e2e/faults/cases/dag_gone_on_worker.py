"""The worker's file does not hold the DAG."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import dag, get_parsing_context

FAULT = {
    "labels": ("dag_not_found",),
    "evidence": "not found",
    "acceptable": ("clear_rerun", "retry_backoff"),
    "harmful": (),
}


@dag(schedule=None)
def dag_gone_on_worker():
    command = BashOperator(task_id="job", bash_command="true")


if not get_parsing_context().dag_id:  # a worker parses for one DAG, the dag-processor for all
    dag_gone_on_worker()
