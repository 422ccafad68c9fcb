from datetime import datetime
from airflow.sdk import dag, task
import etl_lib

HALLS = ("grand", "studio", "cellar")


@dag(schedule=None, start_date=datetime(2025, 1, 1), catchup=False)
def theatre_season_expert():
    @task
    def season():
        etl_lib.extract("season", seconds=3)

    @task
    def calendar():
        etl_lib.extract("calendar", seconds=4)

    @task
    def seats(hall):
        etl_lib.transform(f"seats_{hall}", ["raw_season", "raw_calendar"], seconds=3)

    @task
    def prices(hall):
        etl_lib.transform(f"prices_{hall}", [f"seats_{hall}"], seconds=2)

    @task
    def notify():
        etl_lib.tell("press", "the season is planned", 5)

    @task
    def posters():
        etl_lib.transform("posters", [f"seats_{hall}" for hall in HALLS], 4)

    @task
    def shop():
        etl_lib.transform("web_shop", [f"prices_{hall}" for hall in HALLS], 4)

    first = [season(), calendar()]
    p, w, n = posters(), shop(), notify()
    for hall in HALLS:
        s = seats.override(task_id=f"seats_{hall}")(hall)
        first >> s >> p
        s >> prices.override(task_id=f"prices_{hall}")(hall) >> w
    w >> n


theatre_season_expert()
