"""Royalties of songs, by platform."""
from __future__ import annotations

from datetime import datetime

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, Label, TaskGroup

import etl_lib

PLATFORMS = [
    {"name": "tunes", "plays": 8, "rates": 3, "pay": 2},
    {"name": "wave", "plays": 3, "rates": 7, "pay": 4},
    {"name": "radio", "plays": 5, "rates": 2, "pay": 8},
    {"name": "clip", "plays": 2, "rates": 2, "pay": 3},
]


def sql_task(task_id, sql, seconds):
    return PythonOperator(task_id=task_id, python_callable=etl_lib.run_sql, op_kwargs={"sql": sql, "seconds": seconds})


with DAG("song_royalties", schedule=None, start_date=datetime(2025, 1, 1), catchup=False, doc_md=__doc__) as dag:
    with TaskGroup(group_id="plays") as plays:
        for p in PLATFORMS:
            PythonOperator(task_id=p["name"], python_callable=etl_lib.extract, op_args=[f"plays_{p['name']}"], op_kwargs={"seconds": p["plays"]})
    with TaskGroup(group_id="rated") as rated:
        for p in PLATFORMS:
            n = p["name"]
            sql_task(n, f"INSERT INTO rated_{n} SELECT song, plays * rate FROM raw_plays_{n}", p["rates"])
    with TaskGroup(group_id="paid", prefix_group_id=True) as paid:
        for p in PLATFORMS:
            n = p["name"]
            sql_task(n, f"INSERT INTO paid_{n} SELECT artist, SUM(amount) FROM rated_{n} GROUP BY artist", p["pay"])
    gate = EmptyOperator(task_id="all_rated")
    statement = sql_task(
        "statement", "CREATE TABLE statement AS " + " UNION ALL ".join(f"SELECT * FROM paid_{p['name']}" for p in PLATFORMS), 3
    )
    charts = sql_task("charts", "CREATE TABLE charts AS SELECT * FROM raw_plays_tunes JOIN raw_plays_wave USING (song)", 6)

    plays >> Label("all in") >> rated >> gate >> paid
    paid >> statement >> charts
