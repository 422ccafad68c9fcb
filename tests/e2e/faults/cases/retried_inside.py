"""The task itself tries three times and gives up."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("upstream_service_error",),
    "evidence": "503",
    "acceptable": ("retry_backoff", "clear_rerun"),
    "harmful": ("fix_code",),
}


@dag(schedule=None)
def retried_inside():
    @task
    def job():
        import logging
        from time import sleep

        import requests
        from airflow.sdk import Connection

        log = logging.getLogger(__name__)
        for attempt in range(1, 4):
            answer = requests.get(f"{Connection.get('shop_api').host}/status/503", timeout=5)
            log.warning("attempt %d of 3: %d %s", attempt, answer.status_code, answer.reason)
            sleep(0.2)
        raise RuntimeError(f"giving up after 3 attempts, last answer {answer.status_code} {answer.reason}")

    job()


retried_inside()
