"""The seed bank: germination tests by species, in three waves."""
from __future__ import annotations

from datetime import datetime

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import TaskGroup, chain, dag, task

import etl_lib

SPECIES = {
    "barley": dict(count=7, grow=3, store=1),
    "lupin": dict(count=2, grow=9, store=2),
    "flax": dict(count=4, grow=4, store=6),
}


@task
def count(species: str, seconds: int) -> str:
    return etl_lib.extract(f"count_{species}", seconds)


@task
def grow(species: str, seconds: int) -> str:
    return etl_lib.transform(f"grown_{species}", [f"raw_count_{species}"], seconds)


@task
def store(species: str, seconds: int) -> None:
    etl_lib.transform(f"stored_{species}", [f"grown_{species}", f"raw_count_{species}"], seconds)


@task
def report():
    etl_lib.transform("seed_report", [f"stored_{s}" for s in SPECIES], 3)


@dag(schedule=None, start_date=datetime(2025, 1, 1), catchup=False)
def seed_bank():
    waves = []
    for name, step in (("count", count), ("grow", grow), ("store", store)):
        with TaskGroup(f"wave_{name}") as wave:
            for species, timing in SPECIES.items():
                step.override(task_id=species)(species, timing[name])
        waves.append(wave)
    counted = EmptyOperator(task_id="counted")
    chain(waves[0], counted, *waves[1:], report())


seed_bank()
