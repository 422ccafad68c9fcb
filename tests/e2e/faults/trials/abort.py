"""The task process aborts once."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "resolvable",
    "acceptable": ("clear_with_backoff",),
}


@dag(schedule=None)
def abort():
    @task
    def job():
        import os

        from once import first_time

        if first_time("abort"):
            os.abort()

    job()


abort()
