"""The rows are in the table already."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "escalate",
    "acceptable": (),
}


@dag(schedule=None)
def duplicate_rows():
    @task
    def job():
        from airflow.providers.postgres.hooks.postgres import PostgresHook

        PostgresHook("shop_db").insert_rows("orders", [(1, 5)], target_fields=["id", "qty"])

    job()


duplicate_rows()
