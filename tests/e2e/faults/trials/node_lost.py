"""Supervisor and task are killed together once."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "resolvable",
    "acceptable": ("clear_with_backoff", "wait_for_component"),
}


@dag(schedule=None)
def node_lost():
    @task
    def job():
        import os
        import signal

        from once import first_time

        if first_time("node"):
            os.kill(os.getppid(), signal.SIGKILL)
            os.kill(os.getpid(), signal.SIGKILL)

    job()


node_lost()
