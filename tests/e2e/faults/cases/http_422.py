"""The service does not take a parameter."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("invalid_argument",),
    "evidence": "parameter 'day' must be a date",
    "shown": "422 Unprocessable",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def http_422():
    @task
    def job():
        import requests
        from airflow.sdk import Connection

        answer = requests.post(f"{Connection.get('shop_api').host}/status/422", json={"day": "?"}, timeout=5)
        if not answer.ok:
            raise RuntimeError(f"{answer.status_code} {answer.reason}: {answer.text}")

    job()


http_422()
