from datetime import datetime, timedelta
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG
import etl_lib

GAUGES = [f"g{number:02}" for number in range(1, 19)]
BASINS = {"upper": GAUGES[:6], "middle": GAUGES[6:12], "lower": GAUGES[12:]}


def levels(gauges):
    for gauge in gauges:
        etl_lib.produce(f"level_{gauge}", took=0.4)


def balance(basin, gauges):
    etl_lib.produce(f"balance_{basin}", *["level_" + gauge for gauge in gauges], took=5)


with DAG(dag_id="reservoir_levels_expert", schedule=None, start_date=datetime(2025, 1, 1), catchup=False, default_args=dict(retries=1, retry_delay=timedelta(seconds=30))) as dag:
    release = PythonOperator(task_id="release_plan", python_callable=etl_lib.produce, op_args=["release", "balance_upper", "balance_middle", "balance_lower"], op_kwargs={"took": 2})
    for basin, gauges in BASINS.items():
        (
            PythonOperator(task_id=f"{basin}_levels", python_callable=levels, op_args=[gauges], pool="gauges")
            >> PythonOperator(task_id=f"{basin}_balance", python_callable=balance, op_kwargs={"basin": basin, "gauges": gauges})
            >> release
        )
