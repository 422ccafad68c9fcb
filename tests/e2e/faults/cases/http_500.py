"""The service breaks."""

from airflow.providers.http.operators.http import HttpOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("upstream_service_error",),
    "evidence": "500",
    "acceptable": ("retry_backoff", "clear_rerun"),
    "harmful": ("fix_code",),
}


@dag(schedule=None)
def http_500():
    pull = HttpOperator(task_id="job", http_conn_id="shop_api", endpoint="/status/500", method="GET")


http_500()
