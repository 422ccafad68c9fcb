"""Two sessions lock each other out once."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "resolvable",
    "acceptable": ("clear_with_backoff",),
}


@dag(schedule=None)
def deadlock():
    @task
    def job():
        from concurrent.futures import ThreadPoolExecutor
        from time import sleep

        from airflow.providers.postgres.hooks.postgres import PostgresHook
        from once import first_time

        def swap(first, second):
            with PostgresHook("shop_db").get_conn() as connection, connection.cursor() as cursor:
                cursor.execute("UPDATE orders SET qty = qty + 1 WHERE id = %s", (first,))
                sleep(0.5)
                cursor.execute("UPDATE orders SET qty = qty + 1 WHERE id = %s", (second,))

        if first_time("deadlock"):
            with ThreadPoolExecutor(2) as threads:
                list(threads.map(swap, (1, 2), (2, 1)))

    job()


deadlock()
