"""A file is not in the encoding that is read."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("parse_or_encoding_error",),
    "evidence": "codec can't decode",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def bad_encoding():
    @task
    def job():
        import os

        path = os.path.join(os.environ["FAULT_FOLDER"], "kunden.csv")
        with open(path, "wb") as stream:
            stream.write("id,name\n1,Müller\n".encode("latin-1"))
        with open(path, encoding="utf-8") as stream:
            return stream.read()

    job()


bad_encoding()
