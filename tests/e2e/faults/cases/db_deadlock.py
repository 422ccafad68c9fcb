"""Two sessions of the task lock two rows in opposite order."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("lock_conflict",),
    "evidence": "deadlock detected",
    "acceptable": ("retry_backoff", "clear_rerun"),
    "harmful": ("fix_sql",),
}


@dag(schedule=None)
def db_deadlock():
    @task
    def job():
        from concurrent.futures import ThreadPoolExecutor
        from time import sleep

        from airflow.providers.postgres.hooks.postgres import PostgresHook

        def swap(first, second):
            with PostgresHook("shop_db").get_conn() as connection, connection.cursor() as cursor:
                cursor.execute("UPDATE orders SET qty = qty + 1 WHERE id = %s", (first,))
                sleep(0.5)
                cursor.execute("UPDATE orders SET qty = qty + 1 WHERE id = %s", (second,))

        with ThreadPoolExecutor(2) as threads:
            list(threads.map(swap, (1, 2), (2, 1)))

    job()


db_deadlock()
