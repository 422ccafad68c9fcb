"""The source has a column more than the file that is written."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("schema_mismatch",),
    "evidence": "schema",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def schema_drift():
    @task
    def job():
        import os

        import pyarrow as pa
        import pyarrow.parquet as pq

        before, now = pa.table({"id": [1], "qty": [2]}), pa.table({"id": [2], "qty": [3], "discount": [0.1]})
        with pq.ParquetWriter(os.path.join(os.environ["FAULT_FOLDER"], "orders.parquet"), before.schema) as writer:
            writer.write_table(before)
            writer.write_table(now)

    job()


schema_drift()
