"""A row of a CSV file has too many fields."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("parse_or_encoding_error",),
    "evidence": "Error tokenizing data",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def bad_csv():
    @task
    def job():
        import io

        import pandas as pd

        return len(pd.read_csv(io.StringIO("id,qty\n1,2\n2,3,4,5\n")))

    job()


bad_csv()
