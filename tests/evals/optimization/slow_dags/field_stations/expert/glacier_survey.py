from datetime import datetime
from airflow.sdk import DAG, task
import etl_lib

G = {"aletsch": (9, 3, 3), "gorner": (3, 8, 2), "rhone": (2, 2, 9), "fiesch": (6, 4, 2)}

with DAG("glacier_survey_expert", schedule=None, start_date=datetime(2025, 1, 1), catchup=False) as dag:

    @task
    def yearbook():
        etl_lib.transform("yearbook", [f"alps_mass_{g}" for g in G], seconds=3)

    last = yearbook()
    for g, (radar, photo, mass) in G.items():

        @task(task_id=f"radar_{g}")
        def radar_of(g, s):
            etl_lib.extract(f"alps_radar_{g}", seconds=s)

        @task(task_id=f"photo_{g}")
        def photo_of(g, s):
            etl_lib.extract(f"alps_photo_{g}", seconds=s)

        @task(task_id=f"mass_{g}")
        def mass_of(g, s):
            etl_lib.transform(f"alps_aligned_{g}", [f"raw_alps_radar_{g}", f"raw_alps_photo_{g}"], seconds=2)
            etl_lib.transform(f"alps_mass_{g}", [f"alps_aligned_{g}"], seconds=s)

        [radar_of(g, radar), photo_of(g, photo)] >> mass_of(g, mass) >> last
