"""Supervisor and task are killed together, as when a node is lost."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("heartbeat_lost", "executor_failure"),
    "evidence": "heartbeat timeout",
    "acceptable": ("clear_rerun", "retry_backoff"),
    "harmful": (),
}


@dag(schedule=None)
def supervisor_lost():
    @task
    def job():
        import os
        import signal

        os.kill(os.getppid(), signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)

    job()


supervisor_lost()
