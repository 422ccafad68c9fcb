"""The certificate is signed by nobody."""

from airflow.providers.http.operators.http import HttpOperator
from airflow.sdk import dag

TRIAL = {
    "kind": "escalate",
    "acceptable": (),
}


@dag(schedule=None)
def certificate():
    HttpOperator(task_id="job", http_conn_id="shop_tls", endpoint="/orders", method="GET")


certificate()
