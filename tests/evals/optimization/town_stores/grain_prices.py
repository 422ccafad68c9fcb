"""Grain prices of the exchanges, checked and joined."""
from datetime import datetime

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, chain

import etl_lib

EXCHANGES = ("paris", "chicago", "sydney", "rosario")
CHECKS = [f"{field}_{kind}" for field in ("open", "close", "volume", "currency") for kind in ("null", "range", "type", "late")]
SQL = {
    "prices": "CREATE TABLE prices AS SELECT * FROM {tables}",
    "spreads": "INSERT INTO spreads SELECT p.day, p.close - c.close FROM raw_paris p JOIN raw_chicago c ON c.day = p.day",
}


def _fetch(exchange, seconds=4):
    etl_lib.extract(exchange, seconds=seconds)


def _check(name):
    etl_lib.transform("chk_" + name, inputs=("prices",), seconds=0.2)


def _publish():
    etl_lib.transform("published", ["prices", "spreads", *["chk_" + c for c in CHECKS]], seconds=2)


with DAG("grain_prices", schedule=None, start_date=datetime(2025, 1, 1), catchup=False, tags=["market"]) as dag:
    fetches = [PythonOperator(task_id=f"fetch_{e}", python_callable=_fetch, op_kwargs={"exchange": e}) for e in EXCHANGES]
    prices = PythonOperator(
        task_id="prices",
        python_callable=etl_lib.run_sql,
        op_kwargs={"sql": SQL["prices"].format(tables=" JOIN ".join("raw_" + e for e in EXCHANGES)), "seconds": 3},
    )
    spreads = PythonOperator(task_id="spreads", python_callable=etl_lib.run_sql, op_kwargs={"sql": SQL["spreads"], "seconds": 5})
    checks = []
    for c in CHECKS:
        checks.append(PythonOperator(task_id=f"check_{c}", python_callable=_check, op_args=[c]))
    publish = PythonOperator(task_id="publish", python_callable=_publish)
    for one, two in zip(fetches[:-1], fetches[1:]):
        one >> two
    chain(fetches[-1], prices, spreads, *checks, publish)
