"""The role's connections are used up."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("too_many_connections",),
    "evidence": "too many connections for role",
    "acceptable": ("retry_backoff", "reduce_concurrency"),
    "harmful": (),
}


@dag(schedule=None)
def db_too_many_connections():
    @task
    def job():
        from airflow.providers.postgres.hooks.postgres import PostgresHook

        held = PostgresHook("shop_db_one").get_conn()
        try:
            PostgresHook("shop_db_one").get_records("SELECT 1")
        finally:
            held.close()

    job()


db_too_many_connections()
