"""Meter readings of all grid areas, validated and billed."""
from __future__ import annotations

from datetime import datetime, timedelta

from airflow.models.dag import DAG
from airflow.providers.standard.operators.python import PythonOperator

from etl_lib import execute, produce

# area, seconds to read, seconds to validate
AREAS = [
    ("harbour", 4, 3),
    ("old_town", 3, 2),
    ("mills", 6, 2),
    ("airport", 2, 4),
    ("hills", 5, 3),
    ("campus", 3, 3),
]

default_args = {
    "owner": "grid",
    "retries": 2,
    "retry_delay": timedelta(minutes=1),
}

dag = DAG("meter_readings", default_args=default_args, schedule=None, start_date=datetime(2025, 6, 1), catchup=False, tags=["grid", "billing"])


def read_meters(area, took):
    produce("readings_%s" % area, took=took)


def validate(area, took):
    return execute("INSERT INTO valid_{0} SELECT * FROM readings_{0} WHERE value >= 0".format(area), took)


last = None
for area, reading, validating in AREAS:
    read = PythonOperator(task_id="read_" + area, python_callable=read_meters, op_args=[area, reading], dag=dag)
    check = PythonOperator(task_id="validate_" + area, python_callable=validate, op_kwargs={"area": area, "took": validating}, dag=dag)
    check.set_upstream(read)
    if last is not None:
        last.set_downstream(read)
    last = check

bill = PythonOperator(
    task_id="bill",
    python_callable=produce,
    op_args=["bills", *[f"valid_{name}" for name, _, _ in AREAS]],
    op_kwargs={"took": 4},
    dag=dag,
)
losses = PythonOperator(
    task_id="grid_losses",
    python_callable=execute,
    op_args=["CREATE TABLE losses AS SELECT h.day, m.loss FROM valid_harbour h JOIN valid_mills m ON h.day = m.day", 5],
    dag=dag,
)
bill.set_upstream(last)
losses.set_upstream(bill)
