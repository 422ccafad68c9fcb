"""The export of the day is not there."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("missing_file_or_partition",),
    "evidence": "404",
    "acceptable": ("wait_upstream_data", "escalate"),
    "harmful": (),
}


@dag(schedule=None)
def http_404():
    @task
    def job():
        import requests
        from airflow.sdk import Connection

        answer = requests.get(f"{Connection.get('shop_api').host}/status/404", timeout=5)
        answer.raise_for_status()

    job()


http_404()
