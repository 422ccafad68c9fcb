"""Invoices of the carriers."""
from datetime import datetime

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

import freight_jobs as jobs

DURATIONS = {"alpha": 5, "bravo": 3, "cargo": 6, "delta": 2}


def op(name, call, **kwargs):
    return PythonOperator(task_id=name, python_callable=call, op_kwargs=kwargs)


with DAG("freight_invoices", schedule=None, start_date=datetime(2025, 1, 1), catchup=False) as dag:
    fuel = op("fuel", jobs.fuel, seconds=5)
    chain_end = fuel
    for carrier in jobs.carriers():
        fetch = op(f"fetch_{carrier}", jobs.fetch_invoices, carrier=carrier, seconds=DURATIONS[carrier])
        book = op(f"book_{carrier}", jobs.book, carrier=carrier)
        chain_end >> fetch >> book
        chain_end = book
    ledger = op("ledger", jobs.ledger)
    surcharge = op("surcharge", jobs.statement, target="surcharge", source="fuel_index", seconds=4)
    chain_end >> ledger >> surcharge
