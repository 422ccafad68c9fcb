"""Once a week: learn this deployment's forecasts and the calibration of its health scores anew from its own history.

The work is done by the api-server, some DAGs at a time, since tasks have no database; what was learned is kept there as
JSON. Needs the connection `wfintel_default` with a user who may edit DAGs.
"""

import pendulum
from airflow.sdk import DAG, task

BATCH = 5
"""DAGs per call: about a second each."""

with DAG(
    dag_id="wfintel_weekly_refit",
    description="Learn forecasts and the calibration of health anew",
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    schedule="17 3 * * 0",
    catchup=False,
    max_active_runs=1,
    max_active_tasks=2,
    default_args={"retries": 2, "retry_delay": pendulum.duration(minutes=5)},
    tags=["wfintel"],
    doc_md=__doc__,
):

    @task
    def calibrate() -> list[list[str]]:
        """Fit the calibration; returns the DAGs that have a history, in batches."""
        import logging

        from airflow_provider_wfintel.hooks.wfintel import WfIntelHook

        found = WfIntelHook().refit(calibration=True)
        logging.getLogger(__name__).info(
            "calibration from %s runs: squared error %s before, %s after",
            found["calibration_runs"],
            found["brier_before"],
            found["brier_after"],
        )
        names = found["known_dags"]
        return [names[start : start + BATCH] for start in range(0, len(names), BATCH)]

    @task(max_active_tis_per_dag=2)
    def learn_forecasts(dag_ids: list[str]) -> dict[str, str]:
        """Learn the forecasts of some DAGs; returns those that could not be, with the reason."""
        from airflow_provider_wfintel.hooks.wfintel import WfIntelHook

        return WfIntelHook(timeout=120).refit(dag_ids)["left_out"]

    learn_forecasts.expand(dag_ids=calibrate())
