"""A file comes some seconds after its sensor gave up."""

import os

from airflow.providers.standard.sensors.filesystem import FileSensor
from airflow.sdk import dag

TRIAL = {
    "kind": "resolvable",
    "acceptable": ("wait_for_source", "raise_sensor_timeout"),
    "heal": (8.0, "file", "late_orders.csv"),
}


@dag(schedule=None)
def late_file():
    FileSensor(
        task_id="job", fs_conn_id="shop_files", filepath=os.path.join(os.environ.get("FAULT_FOLDER", "/tmp"), "late_orders.csv"),
        poke_interval=1, timeout=3,
    )  # fmt: skip


late_file()
