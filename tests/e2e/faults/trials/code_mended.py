"""The code is mended after the failure."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "resolvable",
    "acceptable": ("run_latest_version",),
    "heal": (0.0, "mend", ""),
}


@dag(schedule=None)
def code_mended():
    @task
    def job(column):
        rows = [{"id": 1, "qty": 2}]
        return sum(row[column] for row in rows)

    # An argument is part of the DAG's version; the body of a function is not.
    job(column="quantity")


code_mended()
