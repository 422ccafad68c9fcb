"""Hull surveys: one task goes through all ships of the fleet, then the fleet report."""
from datetime import datetime

import etl_lib
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

FLEET = {"aurora": 3, "borealis": 4, "cirrus": 2, "doldrum": 3, "etesian": 4, "foehn": 2, "gale": 3, "haar": 3, "ilex": 2, "jetty": 4}


def survey_fleet():
    """Survey every ship, and rate it."""
    etl_lib.receive("rules", wait=2)
    for ship, wait in FLEET.items():
        print("surveying", ship)
        etl_lib.receive(f"survey_{ship}", wait=wait)
        etl_lib.derive(f"rating_{ship}", takes=[f"in_survey_{ship}", "in_rules"], wait=1)


def fleet_report():
    etl_lib.derive("fleet", takes=[f"rating_{ship}" for ship in FLEET], wait=3)


with DAG("hull_surveys", schedule="@weekly", start_date=datetime(2026, 1, 1), catchup=False):
    survey = PythonOperator(task_id="survey_fleet", python_callable=survey_fleet)
    report = PythonOperator(task_id="fleet_report", python_callable=fleet_report)
    survey >> report
