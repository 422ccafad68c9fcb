"""A row lacks a key."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "escalate",
    "acceptable": (),
}


@dag(schedule=None)
def key_error():
    @task
    def job():
        return sum(row["price"] for row in [{"id": 1}])

    job()


key_error()
