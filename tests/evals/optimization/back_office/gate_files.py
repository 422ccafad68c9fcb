"""Files of the ticket gates. The station that is usually last is waited for first, so the others queue behind it."""
from datetime import datetime, timedelta

from airflow.providers.standard.sensors.python import PythonSensor
from airflow.sdk import dag, task

import etl_lib

STATIONS = {"central": 25, "riverside": 20, "stadium": 30, "zoo": 12}


@dag(schedule=None, start_date=datetime(2025, 1, 1), catchup=False, max_active_tasks=3, default_args={"retries": 0})
def gate_files():
    @task
    def load(station):
        etl_lib.execute(f"INSERT INTO gates_{station} SELECT * FROM {station}_passes", took=5)

    @task
    def ridership():
        etl_lib.produce("ridership", *[f"gates_{station}" for station in STATIONS], took=3)

    @task
    def clean_up_maps(sheet: str):
        etl_lib.produce(f"map_{sheet}", took=6)

    chain_of_stations = None
    for station, seconds in STATIONS.items():
        arrival = PythonSensor(
            task_id=f"{station}_has_come",
            python_callable=etl_lib.delivered,
            op_kwargs={"name": f"{station}_passes", "after": seconds},
            poke_interval=timedelta(seconds=5),
            timeout=timedelta(minutes=20).total_seconds(),
        )
        loaded = load.override(task_id=f"load_{station}")(station)
        arrival >> loaded
        if chain_of_stations is not None:
            chain_of_stations >> arrival
        chain_of_stations = loaded
    chain_of_stations >> ridership()
    for letter in "abcdef":
        clean_up_maps.override(task_id=f"map_{letter}")(letter)


gate_files()
