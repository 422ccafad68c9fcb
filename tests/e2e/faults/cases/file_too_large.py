"""The file size limit of the process is reached."""

import os

from airflow.sdk import dag, task

FAULT = {
    "labels": ("quota_exceeded", "disk_full"),
    "evidence": "File too large",
    "acceptable": ("escalate", "free_disk"),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def file_too_large():
    @task
    def job():
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, hard))
        with open(os.path.join(os.environ["FAULT_FOLDER"], "export.bin"), "wb") as stream:
            stream.write(bytes(1 << 20))

    job()


file_too_large()
