"""Four copies of a mapped task want a connection each; the server allows the role one."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "resolvable",
    "acceptable": ("lower_concurrency", "clear_with_backoff"),
    "leaves": ("plan", "max_active_tis_per_dagrun"),
    "mapped": True,
}


@dag(schedule=None)
def too_many_copies():
    @task
    def job(number):
        from time import sleep

        from airflow.providers.postgres.hooks.postgres import PostgresHook

        connection = PostgresHook(postgres_conn_id="shop_db_one").get_conn()
        sleep(4)
        connection.close()
        return number

    job.expand(number=[1, 2, 3, 4])


too_many_copies()
