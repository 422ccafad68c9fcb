"""The day's quota is used up."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("quota_exceeded",),
    "evidence": "Daily quota of 10000 units exceeded",
    "acceptable": ("reduce_concurrency", "escalate"),
    "harmful": (),
}


@dag(schedule=None)
def http_quota():
    @task
    def job():
        import requests
        from airflow.sdk import Connection

        answer = requests.get(f"{Connection.get('shop_api').host}/quota", timeout=5)
        if not answer.ok:
            raise RuntimeError(f"{answer.status_code} from the shop: {answer.text}")

    job()


http_quota()
