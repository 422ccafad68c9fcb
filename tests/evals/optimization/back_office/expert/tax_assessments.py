from datetime import datetime
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG
from etl_lib import Source, execute

OFFICES = ["n1", "n2", "s1", "s2", "w1"]


def both(office):
    name = Source("fin", 4).pull(office)
    execute(f"INSERT INTO assess_{office} SELECT * FROM {name}", 3)


with DAG("tax_assessments_expert", schedule=None, start_date=datetime(2025, 1, 1), catchup=False) as dag:
    ops = {o: PythonOperator(task_id=o, python_callable=both, op_args=[o]) for o in OFFICES}
    merged = PythonOperator(task_id="merge", python_callable=execute, op_args=["CREATE TABLE assessments AS SELECT * FROM assess_n1 JOIN assess_n2 JOIN assess_s1 JOIN assess_s2 JOIN assess_w1", 4])
    dunning = PythonOperator(task_id="dunning", python_callable=execute, op_args=["INSERT INTO dunning SELECT * FROM assess_n1 UNION ALL SELECT * FROM assess_s1", 5])
    list(ops.values()) >> merged
    [ops["n1"], ops["s1"]] >> dunning
