"""The task takes longer than it may."""

from datetime import timedelta

from airflow.sdk import dag, task

FAULT = {
    "labels": ("execution_timeout",),
    "evidence": "AirflowTaskTimeout",
    "shown": "Timeout, PID",
    "acceptable": ("raise_timeout", "retry_backoff"),
    "harmful": (),
}


@dag(schedule=None)
def execution_limit():
    @task(execution_timeout=timedelta(seconds=3))
    def job():
        from time import sleep

        sleep(60)

    job()


execution_limit()
