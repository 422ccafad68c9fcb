"""The service answers with a page instead of JSON."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("parse_or_encoding_error",),
    "evidence": "Expecting value",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def http_bad_json():
    @task
    def job():
        import requests
        from airflow.sdk import Connection

        return requests.get(f"{Connection.get('shop_api').host}/html", timeout=5).json()

    job()


http_bad_json()
