"""Three runs in a row fail by the same mistake in the code: the DAG is paused until a person has looked."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "stopped",
    "acceptable": ("pause_dag",),
    "runs": 3,
    "leaves": ("paused", ""),
}


@dag(schedule=None)
def breaker():
    @task
    def job():
        row = {"id": 1, "qty": 2}
        return row["quantity"] * 2

    job()


breaker()
