from datetime import datetime
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG
import etl_lib

GROUNDS = {"anfield": 4, "camp_nou": 6, "maracana": 3, "azteca": 5, "wembley": 4}


def ground_shots(ground):
    etl_lib.produce(f"feed_{ground}", took=GROUNDS[ground])
    etl_lib.produce(f"shots_{ground}", f"feed_{ground}", took=3)


with DAG("match_stats_expert", schedule=None, start_date=datetime(2025, 1, 1), catchup=False) as dag:
    table = PythonOperator(task_id="league_table", python_callable=etl_lib.produce, op_args=["league", *[f"shots_{g}" for g in GROUNDS]], op_kwargs={"took": 3})
    for g in GROUNDS:
        s = PythonOperator(task_id=f"shots_{g}", python_callable=ground_shots, op_args=[g])
        s >> [table, BashOperator(task_id=f"print_{g}", bash_command=f"echo archived {g}; sleep 2")]
