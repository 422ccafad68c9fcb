"""Another connection writes to the SQLite file."""

import os

from airflow.sdk import dag, task

FAULT = {
    "labels": ("lock_conflict",),
    "evidence": "database is locked",
    "acceptable": ("retry_backoff", "clear_rerun"),
    "harmful": (),
}


@dag(schedule=None)
def sqlite_locked():
    @task
    def job():
        import sqlite3

        path = os.path.join(os.environ["FAULT_FOLDER"], "ledger.db")
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("CREATE TABLE IF NOT EXISTS ledger (id)")
        holder.execute("BEGIN IMMEDIATE")
        sqlite3.connect(path, timeout=0.5).execute("INSERT INTO ledger VALUES (1)")

    job()


sqlite_locked()
