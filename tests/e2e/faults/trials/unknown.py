"""An error that nobody knows."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "escalate",
    "acceptable": (),
}


@dag(schedule=None)
def unknown():
    @task
    def job():
        class OddError(Exception):
            pass

        raise OddError("flux out of phase")

    job()


unknown()
