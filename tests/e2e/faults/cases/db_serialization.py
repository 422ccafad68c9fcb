"""Two serializable transactions change one row."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("lock_conflict",),
    "evidence": "could not serialize access",
    "acceptable": ("retry_backoff", "clear_rerun"),
    "harmful": ("fix_sql",),
}


@dag(schedule=None)
def db_serialization():
    @task
    def job():
        from airflow.providers.postgres.hooks.postgres import PostgresHook

        hook = PostgresHook("shop_db")
        first, second = hook.get_conn(), hook.get_conn()
        mine, other = first.cursor(), second.cursor()
        mine.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        mine.execute("SELECT qty FROM orders WHERE id = 3")
        other.execute("UPDATE orders SET qty = qty + 1 WHERE id = 3")
        second.commit()
        mine.execute("UPDATE orders SET qty = qty - 1 WHERE id = 3")

    job()


db_serialization()
