"""The task process is killed, as the kernel does when memory runs out."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("oom_killed", "killed_by_signal"),
    "evidence": "Process terminated by signal",
    "acceptable": ("increase_memory", "retry_backoff"),
    "harmful": (),
    "quick": True,
}


@dag(schedule=None)
def task_sigkill():
    @task
    def job():
        import os
        import signal

        os.kill(os.getpid(), signal.SIGKILL)

    job()


task_sigkill()
