"""Another session holds a table for some seconds."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "resolvable",
    "acceptable": ("clear_with_backoff",),
    "heal": (10.0, "release", "LOCK TABLE stock IN ACCESS EXCLUSIVE MODE"),
}


@dag(schedule=None)
def lock_released():
    @task
    def job():
        from airflow.providers.postgres.hooks.postgres import PostgresHook

        PostgresHook("shop_db", options="-c lock_timeout=1000").run("UPDATE stock SET qty = qty + 1")

    job()


lock_released()
