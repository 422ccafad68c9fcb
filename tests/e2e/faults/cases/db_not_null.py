"""A required value is missing in the source."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("constraint_violation",),
    "evidence": "violates not-null constraint",
    "acceptable": ("escalate",),
    "harmful": ("clear_rerun",),
}


@dag(schedule=None)
def db_not_null():
    @task
    def job():
        from airflow.providers.postgres.hooks.postgres import PostgresHook

        PostgresHook("shop_db").insert_rows("orders", [(81, None)], target_fields=["id", "qty"])

    job()


db_not_null()
