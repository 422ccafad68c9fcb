"""A service breaks once."""

from airflow.providers.http.operators.http import HttpOperator
from airflow.sdk import dag

TRIAL = {
    "kind": "resolvable",
    "acceptable": ("clear_with_backoff", "wait_for_source"),
}


@dag(schedule=None)
def http_500_operator():
    HttpOperator(task_id="job", http_conn_id="shop_api", endpoint="/once/500/operator", method="GET")


http_500_operator()
