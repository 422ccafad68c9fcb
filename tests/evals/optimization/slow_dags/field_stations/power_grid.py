"""Settlement of the power grid; the work lies in grid_jobs."""
import pendulum
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, chain

from grid_jobs import forecast, invoice, settle_all, tariffs

with DAG(dag_id="power_grid", schedule=None, start_date=pendulum.datetime(2025, 1, 1), catchup=False) as dag:
    prices = PythonOperator(task_id="tariffs", python_callable=tariffs)
    zones = PythonOperator(task_id="settle_zones", python_callable=settle_all)
    bills = PythonOperator(task_id="invoices", python_callable=invoice)
    tomorrow = PythonOperator(task_id="forecast", python_callable=forecast)

    chain(prices, zones, bills, tomorrow)
