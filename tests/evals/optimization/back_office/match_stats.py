"""Statistics of match day, made with shell commands (sheets are files in the run's folder)."""
from datetime import datetime

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

import etl_lib

GROUNDS = {"anfield": 4, "camp_nou": 6, "maracana": 3, "azteca": 5, "wembley": 4}
MAKE = "python -c 'import etl_lib; etl_lib.produce({args}, took={took})'"

with DAG("match_stats", schedule=None, start_date=datetime(2025, 1, 1), catchup=False, tags=["football"]) as dag:
    previous = None
    for ground, seconds in GROUNDS.items():
        feed = PythonOperator(task_id=f"feed_{ground}", python_callable=etl_lib.produce, op_args=[f"feed_{ground}"], op_kwargs={"took": seconds})
        shots = PythonOperator(
            task_id=f"shots_{ground}", python_callable=etl_lib.produce, op_args=[f"shots_{ground}", f"feed_{ground}"], op_kwargs={"took": 3}
        )
        archive = BashOperator(task_id=f"print_{ground}", bash_command=f"echo archived {ground}; sleep 2")
        if previous:
            previous >> feed
        feed >> shots >> archive
        previous = archive
    table = PythonOperator(
        task_id="league_table", python_callable=etl_lib.produce, op_args=["league", *map("shots_{}".format, GROUNDS)], op_kwargs={"took": 3}
    )
    previous >> table
