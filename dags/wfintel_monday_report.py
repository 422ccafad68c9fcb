"""A report every Monday, once the DAG that it depends on is well: its health is high and nothing unusual happened.

Set the DAG in the form, or its default here. Needs the connection `wfintel_default`.
"""

import pendulum
from airflow.sdk import DAG, Param

from airflow_provider_wfintel.operators.report import PerformanceReportOperator
from airflow_provider_wfintel.sensors.workflow_health import NoAnomalySensor, WorkflowHealthSensor

with DAG(
    dag_id="wfintel_monday_report",
    description="The performance report of the week",
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    schedule="0 7 * * 1",
    catchup=False,
    tags=["wfintel"],
    params={"watched": Param("wfintel_weekly_refit", type="string", description="The DAG that must be well")},
    doc_md=__doc__,
):
    healthy = WorkflowHealthSensor(
        task_id="healthy",
        watched_dag_id="{{ params.watched }}",
        min_score=80,
        deferrable=True,
        poke_interval=300,
        timeout=4 * 3600,
        soft_fail=True,
    )
    usual = NoAnomalySensor(
        task_id="nothing_unusual",
        watched_dag_id="{{ params.watched }}",
        hours=24,
        deferrable=True,
        poke_interval=300,
        timeout=4 * 3600,
        soft_fail=True,
    )
    # The report is the XCom: hand it on to an e-mail, a message or a ticket.
    [healthy, usual] >> PerformanceReportOperator(task_id="report", days=7, format="markdown", trigger_rule="all_done")
