"""Nothing listens on the service's port."""

from airflow.providers.http.operators.http import HttpOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("connection_refused",),
    "evidence": "Connection refused",
    "acceptable": ("retry_backoff", "wait_for_source"),
    "harmful": (),
}


@dag(schedule=None)
def http_refused():
    pull = HttpOperator(task_id="job", http_conn_id="shop_down", endpoint="/orders", method="GET")


http_refused()
