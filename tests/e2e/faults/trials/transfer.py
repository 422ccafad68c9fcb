"""The session is lost in a transfer that must not run twice."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "guarded",
    "acceptable": (),
}


@dag(schedule=None, tags=["non-idempotent"])
def transfer():
    @task
    def job():
        from airflow.providers.postgres.hooks.postgres import PostgresHook

        hook = PostgresHook("shop_db")
        cursor = hook.get_conn().cursor()
        cursor.execute("SELECT pg_backend_pid()")
        hook.get_records("SELECT pg_terminate_backend(%s)", parameters=cursor.fetchone())
        cursor.execute("UPDATE orders SET qty = qty - 1 WHERE id = 2")

    job()


transfer()
