"""Three teams each built their part of the clinic's figures, one after the other in the same DAG."""
from datetime import datetime, timedelta

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

from etl_lib import extract, run_sql

ARGS = dict(owner="clinic", retries=1, retry_delay=timedelta(seconds=20))


def patients(**kwargs):
    extract("patients", seconds=7)


def build(target, *, other, seconds):
    sql = "CREATE TABLE {t} AS SELECT * FROM raw_patients p JOIN {o} o ON o.patient = p.id".format(t=target, o=other)
    run_sql(sql, seconds=seconds)


with DAG(dag_id="clinic_wards", default_args=ARGS, schedule=None, start_date=datetime(2025, 1, 1), catchup=False) as dag:
    # team A: beds
    beds_patients = PythonOperator(task_id="beds_get_patients", python_callable=patients)
    beds_raw = PythonOperator(task_id="beds_get_beds", python_callable=extract, op_args=["beds", 4])
    beds = PythonOperator(task_id="beds_build", python_callable=build, op_args=["beds"], op_kwargs={"other": "raw_beds", "seconds": 3})
    beds_patients >> beds_raw >> beds

    # team B: drugs
    drugs_patients = PythonOperator(task_id="drugs_get_patients", python_callable=patients)
    drugs_raw = PythonOperator(task_id="drugs_get_drugs", python_callable=extract, op_args=["drugs", 5])
    drugs = PythonOperator(task_id="drugs_build", python_callable=build, op_args=["drugs"], op_kwargs={"other": "raw_drugs", "seconds": 4})
    drugs_patients >> drugs_raw >> drugs

    # team C: meals
    meals_patients = PythonOperator(task_id="meals_get_patients", python_callable=patients)
    meals = PythonOperator(task_id="meals_build", python_callable=build, op_args=["meals"], op_kwargs={"other": "beds", "seconds": 4})
    meals_patients >> meals

    beds >> drugs_patients
    drugs >> meals_patients
