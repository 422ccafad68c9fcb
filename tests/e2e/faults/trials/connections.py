"""The role's connections are used up for some seconds."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "resolvable",
    "acceptable": ("clear_with_backoff",),
    "heal": (10.0, "disconnect", "one"),
}


@dag(schedule=None)
def connections():
    @task
    def job():
        from airflow.providers.postgres.hooks.postgres import PostgresHook

        PostgresHook("shop_db_one").get_records("SELECT 1")

    job()


connections()
