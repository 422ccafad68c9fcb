from datetime import datetime
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG
import etl_lib

COLLECTIONS = {"coins": (2, 9), "maps": (9, 2), "vases": (4, 7), "prints": (7, 3)}


def collection(name):
    scan_s, text_s = COLLECTIONS[name]
    etl_lib.produce(f"scan_{name}", took=scan_s)
    etl_lib.produce(f"text_{name}", f"scan_{name}", took=text_s)
    etl_lib.produce(f"page_{name}", f"scan_{name}", f"text_{name}", took=2)


with DAG("museum_catalogue_expert", schedule=None, start_date=datetime(2025, 1, 1), catchup=False) as dag:
    index = PythonOperator(task_id="index", python_callable=etl_lib.produce, op_args=["index"] + [f"page_{c}" for c in COLLECTIONS])
    for c in COLLECTIONS:
        PythonOperator(task_id=c, python_callable=collection, op_args=[c]) >> index
