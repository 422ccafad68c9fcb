"""The supervisor of a task hangs: no heartbeat, and the slot stays taken."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "stopped",
    "acceptable": ("free_stuck_task",),
    "state": "running",
    "waits": 65.0,
    "leaves": ("task", "failed"),
}


@dag(schedule=None)
def silent_task():
    @task
    def job():
        import os
        import signal
        from time import sleep

        supervisor = os.getppid()
        os.kill(supervisor, signal.SIGSTOP)
        sleep(150)
        os.kill(supervisor, signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)

    job()


silent_task()
