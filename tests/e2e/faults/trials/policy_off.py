"""The policy is off for this DAG."""

from airflow.providers.http.operators.http import HttpOperator
from airflow.sdk import dag

TRIAL = {
    "kind": "guarded",
    "acceptable": (),
}


@dag(schedule=None)
def policy_off():
    HttpOperator(task_id="job", http_conn_id="shop_api", endpoint="/once/503/off", method="GET")


policy_off()
