"""Laboratory results of one night. One device after the other, "to be on the safe side"."""
import pendulum
from airflow.sdk import dag, task

import etl_lib

DEVICES = {"haematology": 5, "chemistry": 7, "coagulation": 3, "urine": 4, "microbiology": 6}


@dag(
    schedule=None,
    start_date=pendulum.datetime(2025, 3, 1, tz="Europe/Vienna"),
    catchup=False,
    default_args={"retries": 1},
    doc_md=__doc__,
)
def lab_results():
    @task
    def fetch(device: str, seconds: int) -> str:
        return etl_lib.Source("lab", pause=seconds).pull(device)

    @task
    def normalise(device: str, raw: str) -> str:
        return etl_lib.produce(f"normal_{device}", raw, took=3)

    @task
    def flag_critical(device: str, clean: str):
        etl_lib.produce(f"critical_{device}", clean, took=2)

    @task
    def doctors_letter():
        etl_lib.produce("letter", *(f"critical_{device}" for device in DEVICES), took=3)

    before = None
    for device, seconds in DEVICES.items():
        raw = fetch.override(task_id=f"fetch_{device}")(device, seconds)
        clean = normalise.override(task_id=f"normalise_{device}")(device, raw)
        flagged = flag_critical.override(task_id=f"flag_{device}")(device, clean)
        if before is not None:
            before >> raw
        before = flagged
    before >> doctors_letter()


lab_results()
