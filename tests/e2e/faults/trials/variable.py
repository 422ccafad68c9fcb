"""A variable is missing for which the policy approves a default."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "resolvable",
    "acceptable": ("create_variable",),
}


@dag(schedule=None)
def variable():
    @task
    def job():
        from airflow.sdk import Variable

        return Variable.get("export_region")

    job()


variable()
