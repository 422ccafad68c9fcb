"""The ski resort: lifts, snow, passes. Files of the lifts come late; everything waits for them."""
from datetime import datetime

from airflow.providers.standard.operators.python import PythonOperator
from airflow.providers.standard.sensors.python import PythonSensor
from airflow.sdk import DAG, cross_downstream

import etl_lib

LIFTS = {"gondola": 14, "chair": 20}
SLOPES = ["blue", "red", "black", "park", "nordic"]


def weather():
    etl_lib.extract("weather", 5)


with DAG("ski_resort", schedule=None, start_date=datetime(2025, 1, 1), catchup=False, max_active_tasks=5) as dag:
    waits = [
        PythonSensor(
            task_id=f"wait_{lift}",
            python_callable=etl_lib.arrived,
            op_kwargs={"name": f"rides_{lift}", "after": after},
            poke_interval=20,
            timeout=1200,
            mode="poke",
        )
        for lift, after in LIFTS.items()
    ]
    weather_of_slopes = PythonOperator(task_id="weather_for_slopes", python_callable=weather)
    weather_of_lifts = PythonOperator(task_id="weather_for_lifts", python_callable=weather)
    slopes = [
        PythonOperator(task_id=f"slope_{s}", python_callable=etl_lib.transform, op_kwargs=dict(name=f"slope_{s}", inputs=["raw_weather"], seconds=5))
        for s in SLOPES
    ]
    lifts = [
        PythonOperator(task_id=f"lift_{l}", python_callable=etl_lib.transform, op_args=[f"lift_{l}", [f"rides_{l}", "raw_weather"], 3])
        for l in LIFTS
    ]
    board = PythonOperator(
        task_id="board",
        python_callable=etl_lib.transform,
        op_kwargs={"name": "board", "inputs": [*(f"slope_{s}" for s in SLOPES), *(f"lift_{l}" for l in LIFTS)], "seconds": 2},
    )
    waits >> weather_of_slopes >> weather_of_lifts
    cross_downstream([weather_of_lifts], slopes)
    cross_downstream(slopes, lifts)
    lifts >> board
