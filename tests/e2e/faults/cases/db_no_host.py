"""The host name of the connection does not resolve."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("dns_failure",),
    "evidence": "warehouse.invalid",
    "acceptable": ("retry_backoff", "escalate"),
    "harmful": ("switch_connection",),
}


@dag(schedule=None)
def db_no_host():
    @task
    def job():
        from airflow.providers.postgres.hooks.postgres import PostgresHook

        return PostgresHook("shop_db_no_host").get_records("SELECT 1")

    job()


db_no_host()
