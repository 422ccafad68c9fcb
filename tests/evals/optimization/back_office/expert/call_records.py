from datetime import datetime
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG
from etl_lib import produce, execute

SWITCHES = ("msc_nord", "msc_sued", "msc_ost", "msc_west", "msc_mitte", "msc_see", "msc_berg", "msc_tal")


def decode(switch):
    name = produce(f"cdr_{switch}", took=3)
    produce(f"decoded_{switch}", name, took=2)


def rate():
    joined = " JOIN ".join(f"decoded_{switch}" for switch in SWITCHES)
    execute(f"CREATE TABLE rated AS SELECT * FROM {joined}", took=4)


with DAG("call_records_expert", start_date=datetime(2025, 1, 1), schedule=None, catchup=False, max_active_runs=1) as dag:
    done = PythonOperator(task_id="rate", python_callable=rate)
    for s in SWITCHES:
        PythonOperator(task_id=f"decode_{s}", python_callable=decode, op_args=[s]) >> done
