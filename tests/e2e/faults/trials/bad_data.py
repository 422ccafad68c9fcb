"""A price is a text."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "escalate",
    "acceptable": (),
}


@dag(schedule=None)
def bad_data():
    @task
    def job():
        return float("n/a")

    job()


bad_data()
