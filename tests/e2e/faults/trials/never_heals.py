"""A service stays down: three reruns, then a person."""

from airflow.providers.http.operators.http import HttpOperator
from airflow.sdk import dag

TRIAL = {
    "kind": "budget",
    "acceptable": ("clear_with_backoff", "wait_for_source", "lower_concurrency"),
}


@dag(schedule=None)
def never_heals():
    HttpOperator(task_id="job", http_conn_id="shop_api", endpoint="/status/503", method="GET")


never_heals()
