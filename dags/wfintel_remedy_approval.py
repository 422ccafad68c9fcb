"""Ask a person about one failed task: start it with the id of a session, answer on the page of required actions."""

from datetime import timedelta

import pendulum
from airflow.sdk import DAG, Param

from airflow_provider_wfintel.operators.approve import ApproveRemedyOperator

with DAG(
    dag_id="wfintel_remedy_approval",
    description="Carry out a remedy that a person approves",
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    schedule=None,
    catchup=False,
    tags=["wfintel"],
    params={"session_id": Param("", type="string", description="Id of the session, from the self-diagnosis report")},
    doc_md=__doc__,
):
    ApproveRemedyOperator(
        task_id="ask",
        session_id="{{ params.session_id }}",
        remedies=[
            "clear_with_backoff",
            "wait_for_source",
            "rerun_upstream",
            "create_pool",
            "resize_pool",
            "raise_execution_timeout",
            "run_latest_version",
        ],
        response_timeout=timedelta(hours=12),
    )
