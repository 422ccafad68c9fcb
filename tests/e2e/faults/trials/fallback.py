"""A server stays away; the policy declares its stand-by."""

from airflow.providers.http.operators.http import HttpOperator
from airflow.sdk import dag

TRIAL = {
    "kind": "resolvable",
    "acceptable": ("wait_for_source", "clear_with_backoff", "switch_connection"),
}


@dag(schedule=None)
def fallback():
    HttpOperator(task_id="job", http_conn_id="shop_switch", endpoint="/orders", method="GET")


fallback()
