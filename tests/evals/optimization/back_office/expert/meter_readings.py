from datetime import datetime, timedelta
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG
from etl_lib import execute, produce

AREAS = [("harbour", 4, 3), ("old_town", 3, 2), ("mills", 6, 2), ("airport", 2, 4), ("hills", 5, 3), ("campus", 3, 3)]


def read_and_validate(area, reading, validating):
    produce(f"readings_{area}", took=reading)
    execute(f"INSERT INTO valid_{area} SELECT * FROM readings_{area} WHERE value >= 0", validating)


with DAG("meter_readings_expert", default_args={"owner": "grid", "retries": 2, "retry_delay": timedelta(minutes=1)}, schedule=None, start_date=datetime(2025, 6, 1), catchup=False):
    areas = {a: PythonOperator(task_id=f"read_{a}", python_callable=read_and_validate, op_args=[a, r, v]) for a, r, v in AREAS}
    bill = PythonOperator(task_id="bill", python_callable=produce, op_args=["bills", *[f"valid_{n}" for n, _, _ in AREAS]], op_kwargs={"took": 4})
    losses = PythonOperator(task_id="grid_losses", python_callable=execute, op_args=["CREATE TABLE losses AS SELECT h.day, m.loss FROM valid_harbour h JOIN valid_mills m ON h.day = m.day", 5])
    list(areas.values()) >> bill
    [areas["harbour"], areas["mills"]] >> losses
