"""Tickets sold at the cinemas; the list of houses comes from a task."""
from datetime import datetime

from airflow.sdk import dag, task

import etl_lib


@dag(
    dag_id="cinema_tickets",
    schedule=None,
    start_date=datetime(2025, 1, 1),
    catchup=False,
    default_args={"retries": 0},
)
def tickets():
    @task
    def houses() -> list[str]:
        return ["odeon", "rex", "lux", "apollo", "capitol", "astor", "roxy", "gloria"]

    @task
    def sales(names: list[str]) -> list[str]:
        made = []
        for name in names:
            etl_lib.extract(f"tickets_{name}", seconds=2)
            made.append(etl_lib.transform(f"sales_{name}", [f"raw_tickets_{name}"], seconds=1.5))
        return made

    @task
    def distributors(made: list[str]):
        etl_lib.transform("shares", made, seconds=3)

    @task
    def snacks():
        for till in ("bar", "kiosk", "foyer", "terrace"):
            etl_lib.extract(f"snacks_{till}", 3)

    @task
    def purchase():
        etl_lib.transform("purchase", ["raw_snacks_bar", "raw_snacks_kiosk", "raw_snacks_foyer", "raw_snacks_terrace"], seconds=2)

    sold = sales(houses())
    distributors(sold) >> snacks() >> purchase()


tickets()
