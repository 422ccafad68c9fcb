"""A child process of the task is killed."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("killed_by_signal", "oom_killed", "executor_failure"),
    "evidence": "terminated abruptly",
    "acceptable": ("increase_memory", "reduce_concurrency"),
    "harmful": (),
}


@dag(schedule=None)
def child_process_killed():
    @task
    def job():
        import signal
        import subprocess
        import sys

        done = subprocess.run([sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"])
        if done.returncode == -signal.SIGKILL:
            raise RuntimeError("the worker process was terminated abruptly with signal 9 (SIGKILL)")

    job()


child_process_killed()
