"""Nothing listens on the source's port for a while."""

from airflow.providers.http.operators.http import HttpOperator
from airflow.sdk import dag

TRIAL = {
    "kind": "resolvable",
    "acceptable": ("wait_for_source", "clear_with_backoff"),
    "heal": (15.0, "listen", "0"),
}


@dag(schedule=None)
def source_comes_back():
    HttpOperator(task_id="job", http_conn_id="shop_late", endpoint="/orders", method="GET")


source_comes_back()
