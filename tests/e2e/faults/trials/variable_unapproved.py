"""A variable is missing for which the policy approves nothing."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "escalate",
    "acceptable": (),
}


@dag(schedule=None)
def variable_unapproved():
    @task
    def job():
        from airflow.sdk import Variable

        return Variable.get("api_key_of_nobody")

    job()


variable_unapproved()
