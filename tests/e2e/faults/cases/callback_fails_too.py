"""The callback that tells of the failure fails as well."""

from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.sdk import dag

FAULT = {
    "labels": ("missing_table_or_column",),
    "evidence": 'relation "staging.returns" does not exist',
    "acceptable": ("wait_upstream_data", "rerun_upstream", "escalate"),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def callback_fails_too():
    def tell(context):
        from airflow.providers.http.hooks.http import HttpHook

        HttpHook("POST", "shop_down").run("/alarm")

    load = SQLExecuteQueryOperator(
        task_id="job", conn_id="shop_db", sql="SELECT * FROM staging.returns", on_failure_callback=tell
    )


callback_fails_too()
