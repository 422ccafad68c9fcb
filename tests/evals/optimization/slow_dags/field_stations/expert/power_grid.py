import pendulum
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG
import grid_jobs


def zone(name):
    grid_jobs.read_meters(name)
    grid_jobs.settle(name)


with DAG(dag_id="power_grid_expert", schedule=None, start_date=pendulum.datetime(2025, 1, 1), catchup=False) as dag:
    prices = PythonOperator(task_id="tariffs", python_callable=grid_jobs.tariffs)
    zones = PythonOperator.partial(task_id="settle_zones", python_callable=zone).expand(op_args=[[z] for z in grid_jobs.ZONES])
    bills = PythonOperator(task_id="invoices", python_callable=grid_jobs.invoice)
    tomorrow = PythonOperator(task_id="forecast", python_callable=grid_jobs.forecast)
    zones >> bills
    [zones, prices] >> tomorrow
