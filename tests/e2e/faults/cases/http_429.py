"""The service throttles."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("rate_limited",),
    "evidence": "429",
    "acceptable": ("retry_backoff", "reduce_concurrency"),
    "harmful": (),
}


@dag(schedule=None)
def http_429():
    @task
    def job():
        from airflow.providers.http.hooks.http import HttpHook

        return HttpHook("GET", "shop_api").run("/status/429").json()

    job()


http_429()
