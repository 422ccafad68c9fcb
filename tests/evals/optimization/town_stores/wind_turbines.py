"""SCADA data of the wind farm, turbine by turbine."""
from datetime import datetime

from airflow.sdk import DAG, task

import etl_lib as lib

TURBINES = ["wt%02d" % n for n in range(1, 11)]

with DAG(dag_id="wind_turbines", schedule=None, start_date=datetime(2025, 1, 1), catchup=False) as dag:

    @task
    def download():
        return [lib.extract(f"scada_{t}", seconds=1.8) for t in TURBINES]

    @task
    def power_curves(names):
        """One curve for each turbine."""
        for name in names:
            lib.transform(name.replace("raw_scada_", "curve_"), [name], seconds=2)

    @task
    def downtime():
        for turbine in TURBINES:
            lib.run_sql(f"INSERT INTO downtime_{turbine} SELECT * FROM raw_scada_{turbine} WHERE power = 0", seconds=1.5)

    @task(retries=1)
    def farm_report():
        lib.transform("farm_report", [f"curve_{t}" for t in TURBINES] + [f"downtime_{t}" for t in TURBINES], seconds=3)

    raw = download()
    power_curves(raw) >> downtime() >> farm_report()
