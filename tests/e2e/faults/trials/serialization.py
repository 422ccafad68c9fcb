"""Two transactions change one row at once."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "resolvable",
    "acceptable": ("clear_with_backoff",),
}


@dag(schedule=None)
def serialization():
    @task
    def job():
        from airflow.providers.postgres.hooks.postgres import PostgresHook
        from once import first_time

        hook = PostgresHook("shop_db")
        first, second = hook.get_conn(), hook.get_conn()
        mine, other = first.cursor(), second.cursor()
        mine.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        mine.execute("SELECT qty FROM orders WHERE id = 3")
        if first_time("serialization"):
            other.execute("UPDATE orders SET qty = qty + 1 WHERE id = 3")
        second.commit()
        mine.execute("UPDATE orders SET qty = qty - 1 WHERE id = 3")
        first.commit()

    job()


serialization()
