"""Three marts, each of which fetches the same observations for itself; the watch is told before anything is built."""
from datetime import datetime

import etl_lib
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, chain

with DAG("weather_marts", schedule=None, start_date=datetime(2026, 1, 1), catchup=False) as dag:
    obs_for_wind = PythonOperator(task_id="obs_for_wind", python_callable=etl_lib.receive, op_args=["observations"], op_kwargs={"wait": 9})
    wind = PythonOperator(task_id="wind_mart", python_callable=etl_lib.derive, op_args=["wind", ["in_observations"]], op_kwargs={"wait": 6})
    tell_watch = PythonOperator(task_id="notify_watch", python_callable=etl_lib.derive, op_args=["watch_told", ["wind"]], op_kwargs={"wait": 5})
    obs_for_waves = PythonOperator(task_id="obs_for_waves", python_callable=etl_lib.receive, op_args=["observations"], op_kwargs={"wait": 9})
    waves = PythonOperator(task_id="wave_mart", python_callable=etl_lib.derive, op_args=["waves", ["in_observations"]], op_kwargs={"wait": 7})
    obs_for_fog = PythonOperator(task_id="obs_for_fog", python_callable=etl_lib.receive, op_args=["observations"], op_kwargs={"wait": 9})
    fog = PythonOperator(task_id="fog_mart", python_callable=etl_lib.derive, op_args=["fog", ["in_observations"]], op_kwargs={"wait": 5})
    bulletin = PythonOperator(
        task_id="bulletin", python_callable=etl_lib.derive, op_args=["bulletin", ["wind", "waves", "fog"]], op_kwargs={"wait": 3}
    )
    chain(obs_for_wind, wind, tell_watch, obs_for_waves, waves, obs_for_fog, fog, bulletin)
