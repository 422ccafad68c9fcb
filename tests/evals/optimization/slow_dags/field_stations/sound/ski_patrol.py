"""Two sources, two joins, one report: no edge too many."""
from datetime import datetime

from airflow.sdk import dag, task

import etl_lib


@dag(schedule=None, start_date=datetime(2025, 1, 1), catchup=False)
def ski_patrol():
    @task
    def accidents():
        etl_lib.extract("accidents", 60)

    @task
    def weather():
        etl_lib.extract("weather", 45)

    @task
    def by_slope():
        etl_lib.run_sql("CREATE TABLE by_slope AS SELECT * FROM raw_accidents JOIN raw_weather USING (day)", 40)

    @task
    def by_hour():
        etl_lib.run_sql("CREATE TABLE by_hour AS SELECT * FROM raw_accidents JOIN raw_weather USING (hour)", 50)

    @task
    def report():
        etl_lib.transform("report", ["by_slope", "by_hour"], 30)

    [accidents(), weather()] >> (slope := by_slope())
    hours = by_hour()
    [slope, hours] >> report()
    for source in (dag_.get_task(name) for dag_ in [slope.operator.dag] for name in ("accidents", "weather")):
        source >> hours


ski_patrol()
