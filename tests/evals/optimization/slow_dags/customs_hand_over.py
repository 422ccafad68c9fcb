"""Customs papers, handed from task to task; each hand-over only passes on the name."""
from datetime import datetime

import etl_lib
from airflow.sdk import dag, task

KINDS = ["import", "export", "transit"]


@dag(schedule=None, start_date=datetime(2026, 1, 1), catchup=False)
def customs_hand_over():
    @task
    def fetch(kind):
        return etl_lib.receive(f"papers_{kind}", wait=4)

    @task
    def hand_over(name):
        return name

    @task
    def stamp(name, kind):
        return etl_lib.derive(f"stamped_{kind}", [name], wait=3)

    @task
    def file_away(names):
        etl_lib.derive("archive", [f"stamped_{kind}" for kind in KINDS], wait=2)

    stamped = []
    for kind in KINDS:
        stamped.append(stamp(hand_over(fetch(kind)), kind))
    file_away(stamped)


customs_hand_over()
