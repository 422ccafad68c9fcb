"""Levels of the reservoirs: many small calls in a narrow pool."""
from datetime import datetime, timedelta

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, TaskGroup
from airflow.sdk.bases.operator import chain

import etl_lib

GAUGES = [f"g{number:02}" for number in range(1, 19)]
BASINS = {"upper": GAUGES[:6], "middle": GAUGES[6:12], "lower": GAUGES[12:]}
POOL = "gauges"  # the gateway takes at most 4 calls at a time


def level(gauge):
    etl_lib.produce(f"level_{gauge}", took=0.4)


def balance(basin, gauges):
    inputs = ["level_" + gauge for gauge in gauges]
    etl_lib.produce(f"balance_{basin}", *inputs, took=5)


with DAG(
    dag_id="reservoir_levels",
    schedule=None,
    start_date=datetime(2025, 1, 1),
    catchup=False,
    default_args=dict(retries=1, retry_delay=timedelta(seconds=30), pool="default_pool"),
) as dag:
    ends = []
    for basin, gauges in BASINS.items():
        with TaskGroup(basin):
            tasks = [PythonOperator(task_id=gauge, python_callable=level, op_args=[gauge], pool=POOL) for gauge in gauges]
            summed = PythonOperator(task_id="balance", python_callable=balance, op_kwargs={"basin": basin, "gauges": gauges})
            chain(*tasks, summed)
            if ends:
                ends[-1] >> tasks[0]
            ends.append(summed)
    release = PythonOperator(
        task_id="release_plan", python_callable=etl_lib.produce, op_args=["release", "balance_upper", "balance_middle", "balance_lower"], op_kwargs={"took": 2}
    )
    ends[-1] >> release
