"""A variable is not set."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("missing_variable",),
    "evidence": "export_bucket",
    "acceptable": ("create_variable", "escalate"),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def variable_missing():
    @task
    def job():
        from airflow.sdk import Variable

        return Variable.get("export_bucket")

    job()


variable_missing()
