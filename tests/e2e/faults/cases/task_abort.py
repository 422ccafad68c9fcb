"""The task process aborts."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("killed_by_signal",),
    "evidence": "SIGABRT",
    "shown": "Process terminated by signal",
    "acceptable": ("retry_backoff", "escalate"),
    "harmful": (),
}


@dag(schedule=None)
def task_abort():
    @task
    def job():
        import os

        os.abort()

    job()


task_abort()
