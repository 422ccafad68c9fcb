"""The connection is reset in mid-request."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("connection_dropped",),
    "evidence": "Connection aborted",
    "acceptable": ("retry_backoff", "clear_rerun"),
    "harmful": (),
}


@dag(schedule=None)
def http_reset():
    @task
    def job():
        import requests
        from airflow.sdk import Connection

        return requests.get(f"{Connection.get('shop_api').host}/drop", timeout=5).json()

    job()


http_reset()
