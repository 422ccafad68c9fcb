"""The season of the theatre: seats, prices, posters. Somebody copied the extract into every branch."""
from __future__ import annotations

from datetime import datetime
from pathlib import Path

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import dag, task, task_group

import etl_lib

HALLS = ("grand", "studio", "cellar")
OUT = Path("/tmp/theatre")


def seats_file(hall: str) -> Path:
    return OUT / "seats" / f"{hall}.csv"


@dag(schedule=None, start_date=datetime(2025, 1, 1), catchup=False, default_args={"owner": "box office"})
def theatre_season():
    @task
    def get_season() -> str:
        etl_lib.extract("season", seconds=3)
        return "2025"

    @task
    def season_of(season: str) -> str:
        return season

    @task_group
    def hall_plan(hall: str, season: str):
        @task(task_id=f"calendar_for_{hall}")
        def calendar():
            etl_lib.extract("calendar", seconds=4)

        @task(task_id=f"seats_of_{hall}")
        def seats(hall: str, season: str):
            etl_lib.transform(f"seats_{hall}", ["raw_season", "raw_calendar"], seconds=3)
            path = seats_file(hall)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{season};{hall}")

        @task(task_id=f"prices_of_{hall}")
        def prices(hall: str):
            # needs the file of the seats
            print(seats_file(hall).read_text())
            etl_lib.transform(f"prices_{hall}", [f"seats_{hall}"], seconds=2)

        calendar() >> seats(hall, season) >> prices(hall)

    season = season_of(get_season())
    plans = [hall_plan.override(group_id=f"plan_{hall}")(hall, season) for hall in HALLS]
    notify = PythonOperator(
        task_id="notify_press", python_callable=etl_lib.tell, op_args=["press", "the season is planned"], op_kwargs={"seconds": 5}
    )
    posters = PythonOperator(
        task_id="posters", python_callable=etl_lib.transform, op_args=["posters", [f"seats_{hall}" for hall in HALLS], 4]
    )
    shop = PythonOperator(
        task_id="web_shop", python_callable=etl_lib.transform, op_args=["web_shop", [f"prices_{hall}" for hall in HALLS], 4]
    )
    for first, second in zip(plans, plans[1:]):
        first >> second
    plans[-1] >> notify >> posters >> shop


theatre_season()
