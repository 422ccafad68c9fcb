"""The server's own time limit ends the query."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("execution_timeout",),
    "evidence": "canceling statement due to statement timeout",
    "acceptable": ("retry_backoff", "raise_timeout"),
    "harmful": (),
}


@dag(schedule=None)
def db_statement_timeout():
    @task
    def job():
        from airflow.providers.postgres.hooks.postgres import PostgresHook

        PostgresHook("shop_db", options="-c statement_timeout=800").run("SELECT pg_sleep(20)")

    job()


db_statement_timeout()
