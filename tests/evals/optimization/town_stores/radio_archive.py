"""Archive of the radio: one long task over the months; the vendor's licence server is shaky."""
from datetime import datetime, timedelta

from airflow.sdk import dag, task

import etl_lib

YEARS = (2023, 2024)
MONTHS = range(1, 7)


def transcode(year, month):
    name = f"{year}_{month:02d}"
    etl_lib.extract(f"tape_{name}", seconds=1.2)
    etl_lib.transform(f"audio_{name}", [f"raw_tape_{name}"], seconds=1)


@dag(schedule=None, start_date=datetime(2025, 1, 1), catchup=False, max_active_tasks=8)
def radio_archive():
    @task(retries=4, retry_delay=timedelta(seconds=30))
    def licence():
        etl_lib.flaky("licence", 1)
        etl_lib.extract("licence", 2)

    @task
    def transcode_all():
        for year in YEARS:
            for month in MONTHS:
                transcode(year, month)

    @task
    def catalogue():
        etl_lib.transform("catalogue", ["raw_licence"] + [f"audio_{y}_{m:02d}" for y in YEARS for m in MONTHS], seconds=3)

    @task
    def notify_editors():
        etl_lib.tell("#radio", "archive is ready", seconds=3)

    @task
    def web_index():
        etl_lib.transform("web_index", ["catalogue"], seconds=4)

    licence() >> transcode_all() >> catalogue() >> notify_editors() >> web_index()


radio_archive()
