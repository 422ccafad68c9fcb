"""The task before fails once."""

from airflow.providers.http.operators.http import HttpOperator
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import dag

TRIAL = {
    "kind": "resolvable",
    "acceptable": ("rerun_upstream", "clear_with_backoff", "wait_for_source"),
    "state": "upstream_failed",
}


@dag(schedule=None)
def upstream():
    extract = HttpOperator(task_id="extract", http_conn_id="shop_api", endpoint="/once/503/upstream", method="GET")
    extract >> BashOperator(task_id="job", bash_command="true")


upstream()
