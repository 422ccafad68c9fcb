"""A mean over no rows."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("python_error",),
    "evidence": "division by zero",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def zero_division():
    @task
    def job():
        orders = []
        return sum(orders) / len(orders)

    job()


zero_division()
