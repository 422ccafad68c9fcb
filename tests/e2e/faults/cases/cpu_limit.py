"""The processor limit of the process is reached."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("killed_by_signal",),
    "evidence": "SIGXCPU",
    "shown": "Process terminated by signal",
    "acceptable": ("escalate", "retry_backoff"),
    "harmful": (),
}


@dag(schedule=None)
def cpu_limit():
    @task
    def job():
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (int(resource.getrusage(resource.RUSAGE_SELF).ru_utime) + 2, -1))
        while True:
            pass

    job()


cpu_limit()
