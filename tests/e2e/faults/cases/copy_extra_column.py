"""The delivered CSV has a column more than the table."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("schema_mismatch", "parse_or_encoding_error"),
    "evidence": "extra data after last expected column",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def copy_extra_column():
    @task
    def job():
        import os

        from airflow.providers.postgres.hooks.postgres import PostgresHook

        path = os.path.join(os.environ["FAULT_FOLDER"], "delivery.csv")
        with open(path, "w") as stream:
            stream.write("94,1,north\n95,2,south\n")
        PostgresHook("shop_db").copy_expert("COPY orders (id, qty) FROM STDIN WITH CSV", path)

    job()


copy_extra_column()
