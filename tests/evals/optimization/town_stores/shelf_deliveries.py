"""Deliveries to the market hall: wait for a dealer's list, book it, wait for the next dealer's list."""
from datetime import datetime

from airflow.sdk import PokeReturnValue, dag, task

import etl_lib

DEALERS = [("fish", 16), ("bread", 22), ("fruit", 12), ("flowers", 28)]


@dag(schedule=None, start_date=datetime(2025, 1, 1), catchup=False, max_active_tasks=4)
def shelf_deliveries():
    booked = []
    for dealer, seconds in DEALERS:

        @task.sensor(task_id=f"await_{dealer}", poke_interval=15, timeout=900, mode="poke")
        def await_list(name, after) -> PokeReturnValue:
            return PokeReturnValue(is_done=etl_lib.arrived(f"list_{name}", after))

        @task(task_id=f"book_{dealer}")
        def book(name):
            etl_lib.run_sql(f"INSERT INTO stock_{name} SELECT * FROM list_{name}", seconds=3)

        waiting = await_list(dealer, seconds)
        done = book(dealer)
        waiting >> done
        if booked:
            booked[-1] >> waiting
        booked.append(done)

    @task
    def price_tags():
        etl_lib.transform("price_tags", [f"stock_{dealer}" for dealer, _ in DEALERS], seconds=3)

    @task
    def inventory(hall):
        etl_lib.transform(f"inventory_{hall}", [], seconds=6)

    tags = price_tags()
    booked[-1] >> tags
    for hall in ("east", "west", "cellar", "roof", "gate"):
        tags >> inventory.override(task_id=f"inventory_{hall}")(hall)


shelf_deliveries()
