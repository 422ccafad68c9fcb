"""A file comes too late for a sensor that pokes."""

from airflow.providers.standard.sensors.filesystem import FileSensor
from airflow.sdk import dag

FAULT = {
    "labels": ("sensor_timeout",),
    "evidence": "timed out",
    "acceptable": ("wait_upstream_data", "raise_timeout"),
    "harmful": (),
}


@dag(schedule=None)
def sensor_poke():
    wait = FileSensor(
        task_id="job", fs_conn_id="shop_files", filepath="/nonexistent/orders.csv", poke_interval=1, timeout=4
    )


sensor_poke()
