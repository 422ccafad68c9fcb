"""Buoy readings from a feed that is often not there at first; five minutes are waited before it is asked again."""
from datetime import datetime, timedelta

import etl_lib
from airflow.sdk import dag, task


@dag(
    schedule=None,
    start_date=datetime(2026, 1, 1),
    catchup=False,
    default_args={"retries": 2, "retry_delay": timedelta(seconds=40)},
)
def buoy_feed():
    @task
    def feed():
        etl_lib.unsteady("feed", 1)
        etl_lib.receive("buoys", wait=5)

    @task
    def drift():
        etl_lib.derive("drift", ["in_buoys"], wait=6)

    feed() >> drift()


buoy_feed()
