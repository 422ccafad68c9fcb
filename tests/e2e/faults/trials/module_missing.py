"""A package is not installed."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "escalate",
    "acceptable": (),
}


@dag(schedule=None)
def module_missing():
    @task
    def job():
        import shop_pricing

        return shop_pricing.today()

    job()


module_missing()
