from datetime import datetime
from airflow.sdk import DAG, task
import etl_lib

SECTIONS = ["politics", "sport", "culture", "science", "money", "weather"]

with DAG("newsroom_feed_expert", schedule=None, start_date=datetime(2025, 1, 1), catchup=False) as dag:

    @task
    def fetch(section):
        etl_lib.extract(f"stories_{section}", seconds=4)
        etl_lib.transform(f"stories_{section}", [f"raw_stories_{section}"], seconds=2)

    @task
    def front_page():
        etl_lib.transform("front_page", [f"stories_{section}" for section in SECTIONS], seconds=3)

    @task
    def alerts():
        etl_lib.tell("#desk", "morning edition", seconds=4)

    @task
    def archive():
        etl_lib.transform("archive", ["front_page"], seconds=4)

    @task
    def ads():
        etl_lib.extract("ads", seconds=6)

    page = front_page()
    fetch.expand(section=SECTIONS) >> page >> [alerts(), archive()]
    ads()
