"""DAG file of `measure_layouts`: one DAG for each case of the JSON file that WFINTEL_CASES names."""

from __future__ import annotations

import json
import os
import time
from datetime import datetime, timezone
from pathlib import Path

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.providers.standard.sensors.date_time import DateTimeSensor, DateTimeSensorAsync
from airflow.sdk import DAG


def work(seconds: float) -> None:
    """Stand for a query or a call that takes so long elsewhere."""
    time.sleep(seconds)


def task(item, common):
    """The operator of one task of a case."""
    kind, seconds = item.get("kind", "task"), item.get("seconds", 0.0)
    common = {**common, "pool": item.get("pool", "default_pool")}
    if kind == "empty":
        return EmptyOperator(**common)
    if kind in ("poke", "deferrable"):
        there = f"{{{{ (dag_run.start_date + macros.timedelta(seconds={item['awaited_after']})).isoformat() }}}}"
        sensor = DateTimeSensor if kind == "poke" else DateTimeSensorAsync
        return sensor(target_time=there, poke_interval=item.get("poke_interval", 60.0), **common)
    if item.get("instances", 1) > 1:
        mapped = PythonOperator.partial(python_callable=work, **common)
        return mapped.expand(op_args=[[seconds]] * item["instances"])
    return PythonOperator(python_callable=work, op_args=[seconds], **common)


for dag_id, workload in json.loads(Path(os.environ["WFINTEL_CASES"]).read_text()).items():
    with DAG(
        dag_id,
        schedule=None,
        start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
        catchup=False,
        max_active_tasks=workload.get("max_active_tasks") or 16,
    ) as dag:
        made = {}
        for item in workload["tasks"]:
            weight = {"priority_weight": int(item.get("priority_weight", 1)), "weight_rule": "absolute"}
            made[item["task_id"]] = task(item, {"task_id": item["task_id"], **weight})
        for item in workload["tasks"]:
            for name in item.get("upstream", ()):
                made[name] >> made[item["task_id"]]
    globals()[dag_id] = dag
