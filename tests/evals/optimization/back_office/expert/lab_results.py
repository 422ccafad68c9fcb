import pendulum
from airflow.sdk import dag, task
import etl_lib

DEVICES = {"haematology": 5, "chemistry": 7, "coagulation": 3, "urine": 4, "microbiology": 6}


@dag(dag_id="lab_results_expert", schedule=None, start_date=pendulum.datetime(2025, 3, 1, tz="Europe/Vienna"), catchup=False, default_args={"retries": 1})
def lab_results():
    @task
    def process(device: str, seconds: int):
        raw = etl_lib.Source("lab", pause=seconds).pull(device)
        clean = etl_lib.produce(f"normal_{device}", raw, took=3)
        etl_lib.produce(f"critical_{device}", clean, took=2)

    @task
    def doctors_letter():
        etl_lib.produce("letter", *(f"critical_{device}" for device in DEVICES), took=3)

    [process.override(task_id=f"lab_{d}")(d, s) for d, s in DEVICES.items()] >> doctors_letter()


lab_results()
