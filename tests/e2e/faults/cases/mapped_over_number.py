"""A task is mapped over something that has no items."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("serialization_error", "python_error"),
    "evidence": "unmappable return type",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def mapped_over_number():
    @task
    def job():
        return 3

    @task
    def each(size):
        return size

    each.expand(size=job())


mapped_over_number()
