"""A delivered archive is none."""

import os

from airflow.sdk import dag, task

FAULT = {
    "labels": ("parse_or_encoding_error",),
    "evidence": "File is not a zip file",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def archive_broken():
    @task
    def job():
        import zipfile

        path = os.path.join(os.environ["FAULT_FOLDER"], "delivery.zip")
        with open(path, "wb") as stream:
            stream.write(b"<html>not found</html>")
        return zipfile.ZipFile(path).namelist()

    job()


archive_broken()
