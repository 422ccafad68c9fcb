"""The policy asks, and a person decides to leave it."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "asked",
    "acceptable": (),
    "answer": "leave it",
}


@dag(schedule=None)
def refused():
    @task
    def job():
        from once import first_time

        if first_time("refused"):
            raise ConnectionResetError(104, "Connection reset by peer")

    job()


refused()
