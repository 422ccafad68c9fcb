"""A service is down for some seconds."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "resolvable",
    "acceptable": ("clear_with_backoff", "wait_for_source"),
    "heal": (12.0, "http_up", "/until/r_http_503"),
}


@dag(schedule=None)
def http_503():
    @task
    def job():
        from airflow.providers.http.hooks.http import HttpHook

        HttpHook("GET", "shop_api").run("/until/r_http_503")

    job()


http_503()
