"""Honey by hive: each hive on its own, then the sum."""
from datetime import datetime

from airflow.sdk import DAG, task

import etl_lib

HIVES = ["oak", "linden", "heather", "rape", "acacia"]

with DAG("apiary_yield", schedule="@daily", start_date=datetime(2025, 1, 1), catchup=False) as dag:

    @task
    def weigh(hive):
        etl_lib.extract(f"hive_{hive}", seconds=30)
        etl_lib.transform(f"yield_{hive}", [f"raw_hive_{hive}"], seconds=10)

    @task
    def total():
        etl_lib.transform("total", [f"yield_{hive}" for hive in HIVES], seconds=20)

    weigh.expand(hive=HIVES) >> total()
