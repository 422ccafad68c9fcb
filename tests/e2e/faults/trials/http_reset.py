"""A connection is reset once."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "resolvable",
    "acceptable": ("clear_with_backoff", "wait_for_source"),
}


@dag(schedule=None)
def http_reset():
    @task
    def job():
        import requests
        from airflow.sdk import Connection

        requests.get(f"{Connection.get('shop_api').host}/once/drop/reset", timeout=5).raise_for_status()

    job()


http_reset()
