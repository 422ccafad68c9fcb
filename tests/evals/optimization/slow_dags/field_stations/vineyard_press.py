"""Grapes to must: one estate after the other, as the old script did it."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial, reduce

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

import etl_lib


@dataclass(frozen=True)
class Estate:
    name: str
    hectares: float
    weigh: float = 3
    press: float = 2

    @property
    def table(self) -> str:
        return f"must_{self.name}"


ESTATES = [
    Estate("hillside", 12.5, weigh=5),
    Estate("river", 8, press=4),
    Estate("old_wall", 3.2),
    Estate("chapel", 6, weigh=2, press=3),
    Estate("terrace", 4.4, weigh=4),
    Estate("north", 2),
]


def weigh(estate: Estate) -> None:
    etl_lib.extract(f"grapes_{estate.name}", seconds=estate.weigh)


def press(estate: Estate) -> None:
    etl_lib.run_sql(f"CREATE TABLE {estate.table} AS SELECT * FROM raw_grapes_{estate.name}", seconds=estate.press)


def blend_of(*names: str) -> str:
    """The statement that blends some musts."""
    first, *others = (f"must_{name}" for name in names)
    joins = " ".join(f"JOIN {other} USING (vintage)" for other in others)
    return f"CREATE TABLE blend_{'_'.join(names)} AS SELECT * FROM {first} {joins}"


def blend(names: tuple[str, ...], seconds: float) -> None:
    etl_lib.run_sql(blend_of(*names), seconds=seconds)


defaults = {"owner": "cellar", "retries": 1, "retry_delay": timedelta(seconds=20)}

with DAG("vineyard_press", schedule=None, start_date=datetime(2025, 9, 1), catchup=False, default_args=defaults) as dag:
    steps = []
    for estate in ESTATES:
        steps.append(PythonOperator(task_id=f"weigh_{estate.name}", python_callable=partial(weigh, estate)))
        steps.append(PythonOperator(task_id=f"press_{estate.name}", python_callable=partial(press, estate)))

    # the two blends of the house
    red = PythonOperator(task_id="blend_red", python_callable=partial(blend, ("hillside", "chapel"), 4))
    white = PythonOperator(task_id="blend_white", python_callable=partial(blend, ("river", "north"), seconds=3))
    # reads what blend_red makes, by a name put together in blend_of
    reserve = PythonOperator(
        task_id="label_reserve",
        python_callable=etl_lib.transform,
        op_kwargs={"name": "reserve", "inputs": ["blend_hillside_chapel"], "seconds": 2},
    )

    reduce(lambda before, after: before >> after, [*steps, red, white, reserve])
