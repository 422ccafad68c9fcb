"""Levels of the weirs: wait for one gauge after the other, then load; the flood model last."""
from datetime import datetime

from airflow.providers.standard.sensors.python import PythonSensor
from airflow.sdk import dag, task

import etl_lib

GAUGES = [("upper_weir", 8), ("mill_weir", 12), ("town_weir", 20)]


@dag(schedule=None, start_date=datetime(2025, 1, 1), catchup=False, max_active_tasks=4, default_args={"pool": "river_db"})
def weir_levels():
    @task
    def load(gauge: str):
        etl_lib.run_sql(f"INSERT INTO levels_{gauge} SELECT ts, cm FROM {gauge}", seconds=4)

    @task(pool="river_db")
    def rainfall(station: str):
        etl_lib.extract(f"rain_{station}", seconds=5)

    @task
    def flood_model():
        tables = " ".join(f"JOIN levels_{gauge} USING (ts)" for gauge, _ in GAUGES)
        etl_lib.run_sql(f"CREATE TABLE flood AS SELECT * FROM raw_rain_north {tables} JOIN raw_rain_south USING (ts)", seconds=4)

    last = None
    for gauge, after in GAUGES:
        wait = PythonSensor(
            task_id=f"wait_{gauge}",
            python_callable=etl_lib.arrived,
            op_kwargs={"name": gauge, "after": after},
            poke_interval=15,
            mode="poke",
            timeout=900,
            pool="default_pool",
        )
        loaded = load.override(task_id=f"load_{gauge}")(gauge)
        if last is not None:
            last >> wait
        wait >> loaded
        last = loaded

    north, south = rainfall.override(task_id="rain_north")("north"), rainfall.override(task_id="rain_south")("south")
    last >> north >> south >> flood_model()


weir_levels()
