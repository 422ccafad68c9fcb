"""A date that does not exist is in the data."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("type_conversion_error",),
    "evidence": "day is out of range for month",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def date_out_of_range():
    @task
    def job():
        from datetime import datetime

        return datetime.strptime("2026-02-31", "%Y-%m-%d").astimezone().date().isoformat()

    job()


date_out_of_range()
