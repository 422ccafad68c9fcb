"""Plausibility of scanned herbarium sheets: many small looks, one behind the other."""
from collections.abc import Callable
from datetime import datetime

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

import etl_lib
from etl_lib import timed

FIELDS = "genus species author locality altitude collector date habitat phenology determiner".split()
PAIRS = [("date", "phenology"), ("altitude", "locality"), ("genus", "species"), ("collector", "determiner")]


@timed
def look(field: str) -> None:
    etl_lib.transform(f"look_{field}", inputs=["sheets"], seconds=0.2)


@timed
def look_at_pair(one: str, other: str) -> None:
    # a pair is looked at once both fields were
    etl_lib.transform(f"pair_{one}_{other}", [f"look_{one}", f"look_{other}"], 0.2)


class Looks:
    """Collects the looks of a DAG in the order in which they are asked for."""

    def __init__(self, dag):
        self.dag = dag
        self.made = []

    def add(self, task_id: str, work: Callable, **given):
        operator = PythonOperator(task_id=task_id, python_callable=work, op_kwargs=given, dag=self.dag)
        if self.made:
            operator.set_upstream(self.made[-1])
        self.made.append(operator)
        return operator


dag = DAG("herbarium_scan", schedule=None, start_date=datetime(2025, 1, 1), catchup=False)

looks = Looks(dag)
looks.add("scan", etl_lib.extract, name="scans", seconds=4)
looks.add("read_sheets", etl_lib.transform, name="sheets", inputs=["raw_scans"], seconds=3)
for name in FIELDS:
    looks.add(f"look_{name}", look, field=name)
for one, other in PAIRS:
    looks.add(f"pair_{one}_{other}", look_at_pair, one=one, other=other)
looks.add(
    "publish",
    etl_lib.transform,
    name="published",
    inputs=["sheets", *(f"look_{name}" for name in FIELDS), *(f"pair_{one}_{other}" for one, other in PAIRS)],
    seconds=3,
)
