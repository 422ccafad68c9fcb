"""The run of another DAG, which the task started, failed."""

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("upstream_failed",),
    "evidence": "failed",
    "acceptable": ("rerun_upstream", "clear_rerun"),
    "harmful": (),
}


@dag(schedule=None)
def child_run_failed():
    start = TriggerDagRunOperator(
        task_id="job",
        trigger_dag_id="zero_division",
        wait_for_completion=True,
        poke_interval=1,
        failed_states=["failed"],
    )


child_run_failed()
