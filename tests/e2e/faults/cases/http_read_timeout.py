"""The service takes the request and does not answer."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("connection_timeout",),
    "evidence": "timed out",
    "acceptable": ("retry_backoff", "raise_timeout"),
    "harmful": (),
}


@dag(schedule=None)
def http_read_timeout():
    @task
    def job():
        import requests
        from airflow.sdk import Connection

        return requests.get(f"{Connection.get('shop_api').host}/hang", timeout=1.5).json()

    job()


http_read_timeout()
