"""A price is a text."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("type_conversion_error",),
    "evidence": "could not convert string to float",
    "acceptable": ("escalate",),
    "harmful": ("retry_backoff",),
}


@dag(schedule=None)
def text_is_no_number():
    @task
    def job():
        from airflow.providers.http.hooks.http import HttpHook

        return float(HttpHook("GET", "shop_api").run("/prices").json()["price"])

    job()


text_is_no_number()
