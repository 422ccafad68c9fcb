"""The disk is full while a file is written."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("disk_full",),
    "evidence": "No space left on device",
    "acceptable": ("escalate", "free_disk"),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def disk_full_python():
    @task
    def job():
        with open("/dev/full", "w") as report:
            report.write("id,qty\n" * 10_000)

    job()


disk_full_python()
