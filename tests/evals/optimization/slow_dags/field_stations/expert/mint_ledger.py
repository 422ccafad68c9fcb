from datetime import datetime
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG
import etl_lib


def blanks():
    etl_lib.extract("blanks", seconds=4)
    etl_lib.run_sql("CREATE TABLE clean_blanks AS SELECT DISTINCT * FROM raw_blanks", 3)
    etl_lib.run_sql("CREATE TABLE count_blanks AS SELECT COUNT(*) FROM clean_blanks", 3)


def cleaned(job, copy, clean):
    etl_lib.extract(job, seconds=copy)
    etl_lib.run_sql(f"CREATE TABLE clean_{job} AS SELECT DISTINCT * FROM raw_{job}", clean)


with DAG("mint_ledger_expert", schedule=None, start_date=datetime(2025, 1, 1), catchup=False) as dag:
    first = [
        PythonOperator(task_id="ingots", python_callable=cleaned, op_args=["ingots", 6, 2]),
        PythonOperator(task_id="blanks", python_callable=blanks),
        PythonOperator(task_id="dies", python_callable=etl_lib.extract, op_args=["dies", 5]),
        PythonOperator(task_id="medals", python_callable=cleaned, op_args=["medals", 3, 5]),
    ]
    stock = BashOperator(task_id="stocktaking", bash_command="sleep 2; echo stock is taken")
    book = PythonOperator(task_id="ledger", python_callable=etl_lib.transform, op_args=["ledger", ["clean_ingots", "count_blanks", "raw_dies"], 3])
    paper = PythonOperator(task_id="gazette", python_callable=etl_lib.transform, op_args=["gazette", ["clean_medals"], 4])
    first >> stock >> book >> paper
