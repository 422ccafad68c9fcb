"""The token of the session has run out."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("expired_token",),
    "evidence": "The access token expired",
    "acceptable": ("refresh_credentials",),
    "harmful": (),
}


@dag(schedule=None)
def http_expired():
    @task
    def job():
        import requests
        from airflow.sdk import Connection

        answer = requests.get(f"{Connection.get('shop_api').host}/expired", timeout=5)
        if not answer.ok:
            raise RuntimeError(f"{answer.status_code} from the shop: {answer.text}")

    job()


http_expired()
