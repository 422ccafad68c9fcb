"""A function gets an argument that it does not have."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("python_error",),
    "evidence": "unexpected keyword argument 'regions'",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def wrong_argument():
    @task
    def job():
        def report(region):
            return region

        return report(regions="north")

    job()


wrong_argument()
