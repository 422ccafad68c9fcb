"""The policy asks, and nobody answers in time."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "asked",
    "acceptable": (),
    "answer": "nothing",
}


@dag(schedule=None)
def unanswered():
    @task
    def job():
        from once import first_time

        if first_time("unanswered"):
            raise ConnectionResetError(104, "Connection reset by peer")

    job()


unanswered()
