"""An assertion about the data does not hold."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("data_quality_failed", "python_error"),
    "evidence": "AssertionError",
    "shown": "negative quantity",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def assertion():
    @task
    def job():
        rows = [{"id": 1, "qty": -4}]
        assert all(row["qty"] >= 0 for row in rows), "1 of 1 rows has a negative quantity"

    job()


assertion()
