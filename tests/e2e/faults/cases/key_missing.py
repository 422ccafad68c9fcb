"""A row lacks a key."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("python_error",),
    "evidence": "KeyError",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def key_missing():
    @task
    def job():
        from airflow.providers.http.hooks.http import HttpHook

        return sum(row["price"] for row in HttpHook("GET", "shop_api").run("/orders").json()["rows"])

    job()


key_missing()
