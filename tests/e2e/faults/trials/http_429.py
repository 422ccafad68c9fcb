"""A service throttles once."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "resolvable",
    "acceptable": ("clear_with_backoff",),
}


@dag(schedule=None)
def http_429():
    @task
    def job():
        from airflow.providers.http.hooks.http import HttpHook

        HttpHook("GET", "shop_api").run("/once/429/rate")

    job()


http_429()
