"""An environment variable is not set."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("missing_variable", "python_error"),
    "evidence": "EXPORT_BUCKET",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def environment_missing():
    @task
    def job():
        import os

        return os.environ["EXPORT_BUCKET"]

    job()


environment_missing()
