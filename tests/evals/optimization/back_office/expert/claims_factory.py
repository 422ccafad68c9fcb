from datetime import datetime
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG
import etl_lib

CONFIG = {
    "motor": ("polaris", 6, 3, 2), "home": ("polaris", 4, 4, 2), "travel": ("globe", 3, 2, 1),
    "health": ("asclepius", 7, 5, 3), "marine": ("poseidon", 2, 2, 1),
}


def pipeline(line):
    source, e, t, l = CONFIG[line]
    etl_lib.produce(f"{source}_{line}", took=e)
    etl_lib.produce(f"claims_{line}", f"{source}_{line}", took=t)
    etl_lib.execute(f"INSERT INTO dwh_{line} SELECT claim_id, MAX(state) FROM claims_{line} GROUP BY claim_id", l)


with DAG(dag_id="claims_factory_expert", schedule=None, start_date=datetime(2025, 1, 1), catchup=False) as dag:
    lines = {line: PythonOperator(task_id=line, python_callable=pipeline, op_args=[line]) for line in CONFIG}
    reserve = PythonOperator(task_id="reserve", python_callable=etl_lib.produce, op_args=["reserves", "dwh_motor", "dwh_home", "dwh_health"], op_kwargs={"took": 5})
    [lines["motor"], lines["home"], lines["health"]] >> reserve
