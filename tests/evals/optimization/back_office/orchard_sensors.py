"""Soil sensors of the orchards: plots are read in one mapped task, but three reports wait for each other."""
from datetime import datetime

from airflow.sdk import dag, task

import etl_lib

PLOTS = ["north", "south", "creek", "slope"]


@dag(schedule=None, start_date=datetime(2025, 1, 1), catchup=False)
def orchard_sensors():
    @task
    def read(plot):
        etl_lib.produce(f"soil_{plot}", took=4)

    @task
    def weather():
        etl_lib.produce("weather", took=9)

    @task
    def irrigation():
        etl_lib.produce("irrigation", *(f"soil_{plot}" for plot in PLOTS), took=7)

    @task
    def frost_warning():
        etl_lib.produce("frost", "weather", took=6)

    @task
    def harvest_forecast():
        etl_lib.produce("harvest", "weather", *(f"soil_{plot}" for plot in PLOTS), took=5)

    @task
    def newsletter():
        etl_lib.produce("newsletter", "irrigation", "frost", "harvest", took=2)

    sky = weather()
    sky >> read.expand(plot=PLOTS) >> irrigation() >> frost_warning() >> harvest_forecast() >> newsletter()


orchard_sensors()
