"""The task needs a little more time than it may take."""

from datetime import timedelta

from airflow.sdk import dag, task

TRIAL = {
    "kind": "resolvable",
    "acceptable": ("raise_execution_timeout",),
}


@dag(schedule=None)
def time_limit():
    @task(execution_timeout=timedelta(seconds=4))
    def job():
        from time import sleep

        sleep(5)

    job()


time_limit()
