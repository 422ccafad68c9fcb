"""Another session holds the table."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("lock_conflict",),
    "evidence": "lock timeout",
    "acceptable": ("retry_backoff", "clear_rerun"),
    "harmful": (),
    "hold": "LOCK TABLE stock IN ACCESS EXCLUSIVE MODE",
    "quick": True,
}


@dag(schedule=None)
def db_lock():
    @task
    def job():
        from airflow.providers.postgres.hooks.postgres import PostgresHook

        PostgresHook("shop_db", options="-c lock_timeout=1500").run("UPDATE stock SET qty = qty + 1")

    job()


db_lock()
