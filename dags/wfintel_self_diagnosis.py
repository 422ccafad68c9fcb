"""Look into what failed since the last run: diagnose, resolve within the policy, verify, report.

The api-server decides by the policy of `[wfintel] remedy_policy_file` and acts at most once per try, so every task here
can be run again at any time. Without a policy nothing acts: the report says what could be done. It runs every minute,
so that no first remedy has to wait longer; what itself waits (for a pause, a source, a next try) is left to the next
run. The connection `wfintel_default` names the api-server and a user with the rights that remedies need.
"""

import logging

import pendulum
from airflow.sdk import DAG, get_current_context, task

from airflow_provider_wfintel.operators.resolve import ResolveFailuresOperator

log = logging.getLogger("airflow.task")

FIRST_LOOK_BACK = pendulum.duration(hours=24)
OVERLAP = pendulum.duration(minutes=10)
AT_ONCE = pendulum.duration(seconds=20)

with DAG(
    dag_id="wfintel_self_diagnosis",
    description="Diagnose and resolve failed tasks",
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    schedule="* * * * *",
    catchup=False,
    max_active_runs=1,
    tags=["wfintel"],
    doc_md=__doc__,
) as dag:

    @task(retries=2, retry_delay=pendulum.duration(seconds=20))
    def collect() -> list[dict]:
        """Look at tries that failed since the last run that succeeded; a run that was lost is made up for by the next.

        The start of a task takes longer than a diagnosis: this one opens what it can in `AT_ONCE`, and gives the rest.
        """
        from airflow_provider_wfintel.hooks.troubleshooting import TroubleshootingHook

        context = get_current_context()
        last = context.get("prev_start_date_success")
        since = (last - OVERLAP) if last else pendulum.now("UTC") - FIRST_LOOK_BACK
        hook = TroubleshootingHook()
        failures = hook.failed_tries(since, but_dags=(context["dag"].dag_id,))
        return hook.open_sessions(failures, seconds=AT_ONCE.total_seconds())

    @task(max_active_tis_per_dagrun=4, retries=1, retry_delay=pendulum.duration(seconds=10))
    def diagnose(failure: dict) -> None:
        """Look at a failed try that `collect` had no time for; most runs have none."""
        from airflow_provider_wfintel.hooks.troubleshooting import TroubleshootingHook

        TroubleshootingHook().open_sessions([failure])

    @task(trigger_rule="all_done")
    def report(results: list) -> dict[str, int]:
        """How many sessions ended how, and which need a person."""
        counts: dict[str, int] = {}
        for item in results or ():
            status = item.get("status", "error")
            counts[status] = counts.get(status, 0) + 1
            if status in ("escalated", "manual_intervention_required"):
                where = f"{item['dag_id']}.{item['task_id']}, run {item['run_id']}"
                log.warning("needs a person: %s: %s: %s", where, item["label"], item["reason"])
        log.info("%s", counts or "nothing failed")
        return counts

    opened = diagnose.expand(failure=collect())
    # Of this run, and of earlier ones that wait for a pause, a source or the end of a next try.
    resolved = ResolveFailuresOperator(
        task_id="resolve_and_verify", in_progress=True, trigger_rule="all_done", patience=40, poll_interval=3
    )
    opened >> resolved
    report(resolved.output)
