"""The service is down for maintenance."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("upstream_service_error",),
    "evidence": "503",
    "acceptable": ("retry_backoff", "clear_rerun"),
    "harmful": ("fix_code",),
    "quick": True,
}


@dag(schedule=None)
def http_503():
    @task
    def job():
        import urllib.request

        from airflow.sdk import Connection

        return urllib.request.urlopen(f"{Connection.get('shop_api').host}/status/503", timeout=5).read()

    job()


http_503()
