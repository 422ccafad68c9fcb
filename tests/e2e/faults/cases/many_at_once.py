"""Several requests of a pool of threads time out."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("connection_timeout",),
    "evidence": "timed out",
    "acceptable": ("retry_backoff", "raise_timeout"),
    "harmful": (),
}


@dag(schedule=None)
def many_at_once():
    @task
    def job():
        from concurrent.futures import ThreadPoolExecutor

        import requests
        from airflow.sdk import Connection

        base = Connection.get("shop_api").host

        def fetch(page):
            return requests.get(f"{base}/hang?page={page}", timeout=1.5).json()

        with ThreadPoolExecutor(3) as threads:
            return list(threads.map(fetch, range(3)))

    job()


many_at_once()
