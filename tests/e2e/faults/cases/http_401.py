"""The API refuses the key."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("bad_credentials",),
    "evidence": "401",
    "acceptable": ("escalate", "refresh_credentials"),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def http_401():
    @task
    def job():
        from airflow.providers.http.hooks.http import HttpHook

        return HttpHook("GET", "shop_api").run("/status/401").json()

    job()


http_401()
