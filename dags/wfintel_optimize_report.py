"""Every Monday: which DAGs are worth changing, by what removing their worst bottleneck would save per run."""

import logging

import pendulum
from airflow.sdk import DAG, task

from airflow_provider_wfintel.operators.optimize import OptimizeDagOperator

MOST_DAGS = 200
log = logging.getLogger(__name__)

with DAG(
    dag_id="wfintel_optimize_report",
    description="Rank the DAGs of this deployment by what changing them would save",
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    schedule="0 5 * * 1",
    catchup=False,
    max_active_runs=1,
    tags=["wfintel"],
    doc_md=__doc__,
):

    @task(retries=2)
    def list_dags() -> list[str]:
        """DAGs that are not paused."""
        from airflow_provider_wfintel.hooks.wfintel import WfIntelHook

        found = WfIntelHook().iterate("/dags", "dags", paused=False)
        return [item["dag_id"] for item in found if not item["dag_id"].startswith("wfintel_")][:MOST_DAGS]

    # Two at a time: the analysis runs in the api-server, which has other work.
    reports = OptimizeDagOperator.partial(task_id="analyze", max_active_tis_per_dagrun=2, retries=1).expand(
        dag_id_to_optimize=list_dags()
    )

    # One DAG that cannot be analyzed must not cost the report on the others.
    @task(trigger_rule="all_done")
    def rank(found: list[dict]) -> list[dict]:
        """The table, costliest first; it is in the log and in the XCom of this task."""
        rows = [
            {
                "dag_id": item["dag_id"],
                "saves_s": item["bottlenecks"][0]["saves_s"],
                "kind": item["bottlenecks"][0]["kind"],
                "runs_seen": item["runs"],
                "plan": item["optimization_id"],
            }
            for item in found
            if item and item["runs"] and item["bottlenecks"]
        ]
        rows.sort(key=lambda row: -row["saves_s"])
        for row in rows:
            log.info("%8.1f s a run  %s: %s", row["saves_s"], row["dag_id"], row["kind"])
        return rows

    rank(reports.output)
