from datetime import datetime
from airflow.sdk import DAG, task
import etl_lib

FIELDS = "genus species author locality altitude collector date habitat phenology determiner".split()
PAIRS = [("date", "phenology"), ("altitude", "locality"), ("genus", "species"), ("collector", "determiner")]

with DAG("herbarium_scan_expert", schedule=None, start_date=datetime(2025, 1, 1), catchup=False) as dag:

    @task
    def everything():
        etl_lib.extract("scans", 4)
        etl_lib.transform("sheets", ["raw_scans"], 3)
        for name in FIELDS:
            etl_lib.transform(f"look_{name}", ["sheets"], 0.2)
        for one, other in PAIRS:
            etl_lib.transform(f"pair_{one}_{other}", [f"look_{one}", f"look_{other}"], 0.2)
        etl_lib.transform("published", ["sheets", *(f"look_{n}" for n in FIELDS), *(f"pair_{a}_{b}" for a, b in PAIRS)], 3)

    everything()
