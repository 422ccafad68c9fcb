"""A function calls itself without an end."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("python_error",),
    "evidence": "maximum recursion depth exceeded",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def recursion():
    @task
    def job():
        def total(node):
            return node["qty"] + total(node)

        return total({"qty": 1})

    job()


recursion()
