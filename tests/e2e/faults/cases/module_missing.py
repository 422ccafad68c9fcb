"""A package is not installed on the worker."""

from airflow.sdk import dag, task

FAULT = {
    "labels": ("missing_dependency",),
    "evidence": "No module named 'shop_pricing'",
    "acceptable": ("install_dependency", "escalate"),
    "harmful": ("retry_backoff",),
    "quick": True,
}


@dag(schedule=None)
def module_missing():
    @task
    def job():
        import shop_pricing

        return shop_pricing.today()

    job()


module_missing()
