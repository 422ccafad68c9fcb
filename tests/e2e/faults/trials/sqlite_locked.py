"""Another connection writes to the SQLite file once."""

import os

from airflow.sdk import dag, task

TRIAL = {
    "kind": "resolvable",
    "acceptable": ("clear_with_backoff",),
}


@dag(schedule=None)
def sqlite_locked():
    @task
    def job():
        import sqlite3

        from once import first_time

        path = os.path.join(os.environ["FAULT_FOLDER"], "trial.db")
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("CREATE TABLE IF NOT EXISTS ledger (id)")
        if first_time("sqlite"):
            holder.execute("BEGIN IMMEDIATE")
        sqlite3.connect(path, timeout=0.5).execute("INSERT INTO ledger VALUES (1)")

    job()


sqlite_locked()
