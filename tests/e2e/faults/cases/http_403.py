"""The account may not do this."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("permission_denied",),
    "evidence": "403",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def http_403():
    @task
    def job():
        from airflow.providers.http.hooks.http import HttpHook

        return HttpHook("GET", "shop_api").run("/status/403").json()

    job()


http_403()
