"""The task before hands on nothing."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("python_error",),
    "evidence": "NoneType",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def xcom_none():
    @task
    def find_rows():
        return None

    @task
    def job(rows):
        return rows["total"] + 1

    job(find_rows())


xcom_none()
