from datetime import datetime
from airflow.providers.standard.sensors.python import PythonSensor
from airflow.sdk import dag, task
import etl_lib

STATIONS = {"central": 25, "riverside": 20, "stadium": 30, "zoo": 12}


@dag(dag_id="gate_files_expert", schedule=None, start_date=datetime(2025, 1, 1), catchup=False, max_active_tasks=3)
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

    end = ridership()
    for station, seconds in STATIONS.items():
        arrival = PythonSensor(
            task_id=f"{station}_has_come",
            python_callable=etl_lib.delivered,
            op_kwargs={"name": f"{station}_passes", "after": seconds},
            poke_interval=10, mode="reschedule", timeout=1200, priority_weight=1, weight_rule="absolute",
        )
        arrival >> load.override(task_id=f"load_{station}", priority_weight=10, weight_rule="absolute")(station) >> end
    for letter in "abcdef":
        clean_up_maps.override(task_id=f"map_{letter}", priority_weight=5, weight_rule="absolute")(letter)


gate_files()
