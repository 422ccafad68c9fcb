"""The task itself refuses an empty delivery."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("data_quality_failed",),
    "evidence": "expected at least 100 rows",
    "acceptable": ("wait_upstream_data", "escalate"),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def check_rows_by_hand():
    @task
    def job():
        rows = []
        if len(rows) < 100:
            raise ValueError(f"expected at least 100 rows for 2026-03-02, got {len(rows)}")

    job()


check_rows_by_hand()
