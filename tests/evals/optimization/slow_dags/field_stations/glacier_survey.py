"""Glacier survey: groups of tasks by glacier, with a gate after every stage."""
import os
from datetime import datetime
from pathlib import PurePosixPath

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, TaskGroup, task

import etl_lib

REGION = os.environ.get("SURVEY_REGION", "alps")
GLACIERS = {
    "aletsch": dict(radar=9, photo=3, mass=3),
    "gorner": dict(radar=3, photo=8, mass=2),
    "rhone": dict(radar=2, photo=2, mass=9),
    "fiesch": dict(radar=6, photo=4, mass=2),
}


def lot_name(*parts: str) -> str:
    """One name of several parts, as the archive writes it."""
    return str(PurePosixPath(REGION).joinpath(*parts)).replace("/", "_")


@task
def ingest(kind, glacier, seconds):
    etl_lib.extract(lot_name(kind, glacier), seconds=seconds)


@task
def align(glacier):
    etl_lib.transform(
        lot_name("aligned", glacier), [f"raw_{lot_name(kind, glacier)}" for kind in ("radar", "photo")], seconds=2
    )


@task
def balance(glacier, seconds):
    etl_lib.transform(lot_name("mass", glacier), [lot_name("aligned", glacier)], seconds=seconds)


with DAG("glacier_survey", schedule="@monthly", start_date=datetime(2025, 1, 1), catchup=False, tags=["survey"]) as dag:
    # ---- stages ---------------------------------------------------------------------------------------
    gates = [EmptyOperator(task_id=f"gate_{number}") for number in range(3)]
    groups = {}
    for stage, gate in zip(("ingest", "align", "balance"), gates):
        with TaskGroup(stage) as groups[stage]:
            for glacier, seconds in GLACIERS.items():
                if stage == "ingest":
                    ingest.override(task_id=f"radar_{glacier}")("radar", glacier, seconds["radar"])
                    ingest.override(task_id=f"photo_{glacier}")("photo", glacier, seconds["photo"])
                elif stage == "align":
                    align.override(task_id=f"align_{glacier}")(glacier)
                else:
                    balance.override(task_id=f"balance_{glacier}")(glacier, seconds["mass"])
        groups[stage] >> gate

    gates[0] >> groups["align"]
    gates[1] >> groups["balance"]

    @task
    def yearbook():
        etl_lib.transform("yearbook", [lot_name("mass", glacier) for glacier in GLACIERS], seconds=3)

    gates[2] >> yearbook()
