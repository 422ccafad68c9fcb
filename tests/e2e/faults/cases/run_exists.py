"""The run to be started is there already."""

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("run_conflict",),
    "evidence": "already exists",
    "acceptable": ("escalate", "clear_rerun"),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def run_exists():
    first = TriggerDagRunOperator(task_id="first", trigger_dag_id="zero_division", trigger_run_id="twice")
    first >> TriggerDagRunOperator(task_id="job", trigger_dag_id="zero_division", trigger_run_id="twice")


run_exists()
