"""A service answers 503 for some seconds; the policy asks, and a person approves the rerun."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "asked",
    "acceptable": ("clear_with_backoff",),
    "answer": "clear_with_backoff",
}


@dag(schedule=None)
def approved():
    @task
    def job():
        from once import first_time

        if first_time("approved"):
            raise ConnectionResetError(104, "Connection reset by peer")

    job()


approved()
