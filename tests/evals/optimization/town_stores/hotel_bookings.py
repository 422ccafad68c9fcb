# Bookings of the hotels, from the channel managers to the revenue sheet.
import datetime as dt

from airflow import DAG
from airflow.providers.standard.operators.python import PythonOperator

import etl_lib

default_args = {
    "owner": "revenue",
    "retries": 3,
    "retry_delay": dt.timedelta(seconds=45),
    "depends_on_past": False,
}

dag = DAG(
    "hotel_bookings",
    default_args=default_args,
    schedule=None,
    start_date=dt.datetime(2025, 1, 1),
    catchup=False,
)


def get_rates(**_):
    etl_lib.flaky("rates", 1)
    etl_lib.extract("rates", seconds=3)


def get_channel(channel, **_):
    etl_lib.extract("bookings_" + channel, seconds=4)


def announce(text):
    etl_lib.tell("#revenue", text, seconds=4)


rates = PythonOperator(task_id="get_rates", python_callable=get_rates, dag=dag)
told_rates = PythonOperator(task_id="announce_rates", python_callable=announce, op_args=["rates are in"], dag=dag)
rates >> told_rates

tail = told_rates
for channel in ["direct", "agency", "portal", "phone"]:
    t = PythonOperator(task_id="get_" + channel, python_callable=get_channel, op_kwargs={"channel": channel}, dag=dag)
    tail >> t
    tail = t

told_bookings = PythonOperator(task_id="announce_bookings", python_callable=announce, op_args=["bookings are in"], dag=dag)
merge = PythonOperator(
    task_id="merge",
    python_callable=etl_lib.transform,
    op_kwargs={"name": "bookings", "inputs": ["raw_bookings_direct", "raw_bookings_agency", "raw_bookings_portal", "raw_bookings_phone"], "seconds": 3},
    dag=dag,
)
price = PythonOperator(
    task_id="price",
    python_callable=etl_lib.run_sql,
    op_args=["INSERT INTO revenue SELECT b.night, b.room, r.rate FROM bookings b JOIN raw_rates r ON r.room = b.room", 3],
    dag=dag,
)
occupancy = PythonOperator(
    task_id="occupancy", python_callable=etl_lib.run_sql, op_args=["INSERT INTO occupancy SELECT night, COUNT(*) FROM bookings GROUP BY night"], op_kwargs={"seconds": 4}, dag=dag
)
tail >> told_bookings >> merge >> price >> occupancy
