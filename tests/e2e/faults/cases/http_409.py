"""The service runs this export already."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("run_conflict", "invalid_argument"),
    "evidence": "409",
    "shown": "an export with this id is running already",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def http_409():
    @task
    def job():
        import requests
        from airflow.sdk import Connection

        answer = requests.post(f"{Connection.get('shop_api').host}/status/409", json={"day": "2026-03-02"}, timeout=5)
        if not answer.ok:
            raise RuntimeError(f"{answer.status_code} {answer.reason}: {answer.text}")

    job()


http_409()
