"""The database's port is closed."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("connection_refused",),
    "evidence": "Connection refused",
    "acceptable": ("retry_backoff", "wait_for_source", "clear_with_backoff"),
    "harmful": ("create_connection",),
    "quick": True,
}


@dag(schedule=None)
def db_down():
    @task
    def job():
        from airflow.providers.postgres.hooks.postgres import PostgresHook

        return PostgresHook("shop_db_down").get_records("SELECT 1")

    job()


db_down()
