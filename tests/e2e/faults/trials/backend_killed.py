"""The database ends the session once."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "resolvable",
    "acceptable": ("clear_with_backoff", "wait_for_source"),
}


@dag(schedule=None)
def backend_killed():
    @task
    def job():
        from airflow.providers.postgres.hooks.postgres import PostgresHook
        from once import first_time

        hook = PostgresHook("shop_db")
        cursor = hook.get_conn().cursor()
        cursor.execute("SELECT pg_backend_pid()")
        if first_time("backend"):
            hook.get_records("SELECT pg_terminate_backend(%s)", parameters=cursor.fetchone())
        cursor.execute("SELECT count(*) FROM orders")

    job()


backend_killed()
