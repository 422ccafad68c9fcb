"""Look at the services that DAGs of this deployment talk to: do they answer, and do they take the login?

Every ten minutes, from a worker, as the tasks themselves do it. What is seen is kept for 30 days: on the pages, for
`ServiceHealthSensor`, and for the diagnosis of tasks that fail at that time. A service that is not well fails nothing
here. The connection `wfintel_default` names the api-server and a user who may read and edit connections.
"""

import logging

import pendulum
from airflow.sdk import DAG, task

log = logging.getLogger("airflow.task")

with DAG(
    dag_id="wfintel_service_health",
    description="Look at the services behind connections",
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    schedule="*/10 * * * *",
    catchup=False,
    max_active_runs=1,
    tags=["wfintel"],
    doc_md=__doc__,
) as dag:

    @task(retries=1, retry_delay=pendulum.duration(seconds=20), execution_timeout=pendulum.duration(minutes=9))
    def look() -> dict[str, int]:
        """Look at all of them, some at a time; how many are in which state."""
        from airflow_provider_wfintel.hooks.services import ServiceHealthHook

        hook = ServiceHealthHook()
        counts: dict[str, int] = {}
        for check in hook.check([item["conn_id"] for item in hook.in_use()]):
            counts[check.state] = counts.get(check.state, 0) + 1
            if check.state not in ("ok", "unknown"):
                log.warning("%s is %s: %s", check.conn_id, check.state, check.message)
        log.info("%s", counts or "no DAG names a connection")
        return counts

    look()
