"""The memory limit of the process is reached."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("oom_killed",),
    "evidence": "MemoryError",
    "acceptable": ("increase_memory", "reduce_concurrency"),
    "harmful": ("clear_rerun",),
}


@dag(schedule=None)
def memory_limit():
    @task
    def job():
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (3 << 30, hard))
        return len(bytearray(4 << 30))

    job()


memory_limit()
