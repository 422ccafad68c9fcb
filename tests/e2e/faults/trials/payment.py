"""A payment must not be sent twice, though its cause would pass."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "guarded",
    "acceptable": (),
}


@dag(schedule=None, tags=["non-idempotent"])
def payment():
    @task
    def job():
        from airflow.providers.http.hooks.http import HttpHook

        HttpHook("POST", "shop_api").run("/once/503/payment")

    job()


payment()
