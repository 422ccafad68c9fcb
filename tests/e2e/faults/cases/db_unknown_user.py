"""The login of the connection is unknown to the server."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("bad_credentials",),
    "evidence": 'role "nobody_of_that_name" does not exist',
    "acceptable": ("escalate", "refresh_credentials"),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def db_unknown_user():
    @task
    def job():
        from airflow.providers.postgres.hooks.postgres import PostgresHook

        return PostgresHook("shop_db_wrong_user").get_records("SELECT 1")

    job()


db_unknown_user()
