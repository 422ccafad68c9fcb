"""A token has run out; a new process gets a new one."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "resolvable",
    "acceptable": ("refresh_credentials", "clear_with_backoff"),
}


@dag(schedule=None)
def expired_token():
    @task
    def job():
        import requests
        from airflow.sdk import Connection

        answer = requests.get(f"{Connection.get('shop_api').host}/once/expired/token", timeout=5)
        if not answer.ok:
            raise RuntimeError(f"{answer.status_code} from the shop: {answer.text}")

    job()


expired_token()
