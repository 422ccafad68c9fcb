"""The server ends the session in mid-work."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("connection_dropped",),
    "evidence": "terminating connection due to administrator command",
    "acceptable": ("retry_backoff", "clear_rerun"),
    "harmful": ("fix_sql",),
}


@dag(schedule=None)
def db_backend_killed():
    @task
    def job():
        from airflow.providers.postgres.hooks.postgres import PostgresHook

        hook = PostgresHook("shop_db")
        cursor = hook.get_conn().cursor()
        cursor.execute("SELECT pg_backend_pid()")
        hook.get_records("SELECT pg_terminate_backend(%s)", parameters=cursor.fetchone())
        cursor.execute("SELECT count(*) FROM orders")

    job()


db_backend_killed()
