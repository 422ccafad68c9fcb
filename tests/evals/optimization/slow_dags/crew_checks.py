"""Thirty small checks of the crew list, one task each, one after the other."""
from datetime import datetime

import etl_lib
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

CHECKS = [f"c{number:02d}" for number in range(30)]

with DAG("crew_checks", schedule=None, start_date=datetime(2026, 1, 1), catchup=False) as dag:
    crew = PythonOperator(task_id="crew_list", python_callable=etl_lib.receive, op_args=["crew"], op_kwargs={"wait": 4})
    previous = crew
    for check in CHECKS:
        step = PythonOperator(
            task_id=f"look_at_{check}",
            python_callable=etl_lib.derive,
            op_args=[f"seen_{check}", ["in_crew"]],
            op_kwargs={"wait": 0.1},
        )
        previous >> step
        previous = step
    muster = PythonOperator(
        task_id="muster_roll",
        python_callable=etl_lib.derive,
        op_args=["muster", ["in_crew", *[f"seen_{check}" for check in CHECKS]]],
        op_kwargs={"wait": 3},
    )
    previous >> muster
