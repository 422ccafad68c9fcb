"""The rows are in the table already."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("constraint_violation",),
    "evidence": "duplicate key value violates unique constraint",
    "acceptable": ("escalate",),
    "harmful": ("clear_rerun",),
}


@dag(schedule=None)
def db_unique():
    @task
    def job():
        from airflow.providers.postgres.hooks.postgres import PostgresHook

        PostgresHook("shop_db").insert_rows("orders", [(1, 5), (2, 6)], target_fields=["id", "qty"])

    job()


db_unique()
