"""What failed before must not run twice."""

from airflow.providers.http.operators.http import HttpOperator
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import dag

TRIAL = {
    "kind": "guarded",
    "acceptable": (),
    "state": "upstream_failed",
}


@dag(schedule=None, tags=["non-idempotent"])
def upstream_payment():
    pay = HttpOperator(task_id="pay", http_conn_id="shop_api", endpoint="/once/503/pay_first", method="POST")
    pay >> BashOperator(task_id="job", bash_command="true")


upstream_payment()
