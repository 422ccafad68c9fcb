"""Stories of the agencies: the list of sections is handed on by XCom."""
import logging
from datetime import datetime

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

import etl_lib

log = logging.getLogger(__name__)


def list_sections():
    return ["politics", "sport", "culture", "science", "money", "weather"]


def fetch_stories(**context):
    sections = context["ti"].xcom_pull(task_ids="list_sections")
    for section in sections:
        log.info("fetching %s", section)
        etl_lib.extract(f"stories_{section}", seconds=4)
        etl_lib.transform(f"stories_{section}", [f"raw_stories_{section}"], seconds=2)


def front_page(ti):
    sections = ti.xcom_pull(task_ids="list_sections")
    etl_lib.transform("front_page", [f"stories_{section}" for section in sections], seconds=3)
    ti.xcom_push(key="edition", value="morning")


def push_alerts(ti):
    edition = ti.xcom_pull(task_ids="front_page", key="edition")
    etl_lib.tell("#desk", f"{edition} edition", seconds=4)


def archive():
    etl_lib.transform("archive", ["front_page"], seconds=4)


def ad_slots():
    etl_lib.extract("ads", seconds=6)


with DAG("newsroom_feed", schedule=None, start_date=datetime(2025, 1, 1), catchup=False) as dag:
    sections = PythonOperator(task_id="list_sections", python_callable=list_sections)
    stories = PythonOperator(task_id="fetch_stories", python_callable=fetch_stories)
    page = PythonOperator(task_id="front_page", python_callable=front_page)
    alerts = PythonOperator(task_id="push_alerts", python_callable=push_alerts)
    store = PythonOperator(task_id="archive", python_callable=archive)
    ads = PythonOperator(task_id="ad_slots", python_callable=ad_slots)

    sections >> stories
    stories >> page
    page >> alerts
    alerts >> store
    store >> ads
