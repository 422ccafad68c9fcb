"""Ships come one by one; the next is waited for when the last has come. Stores are counted meanwhile."""
from datetime import datetime

import etl_lib
from airflow.sdk import DAG, task

SHIPS = {"merlin": 28, "petrel": 20, "osprey": 12}
STORES = ["rope", "paint", "diesel", "water", "bread", "charts"]

with DAG("arrivals", schedule=None, start_date=datetime(2026, 1, 1), catchup=False, max_active_tasks=3) as dag:
    unloaded = []
    before = None
    for ship, after in SHIPS.items():

        @task.sensor(task_id=f"await_{ship}", poke_interval=12, timeout=900, mode="poke")
        def await_ship(name, seconds):
            return etl_lib.moored(name, seconds)

        @task(task_id=f"unload_{ship}")
        def unload(name):
            etl_lib.derive(f"cargo_{name}", [name], wait=5)

        here = await_ship(ship, after)
        if before is not None:
            before >> here
        here >> (done := unload(ship))
        before = here
        unloaded.append(done)

    @task
    def manifest():
        etl_lib.derive("manifest", [f"cargo_{ship}" for ship in SHIPS], wait=3)

    unloaded >> manifest()

    for store in STORES:

        @task(task_id=f"count_{store}")
        def count(name):
            etl_lib.receive(f"store_{name}", wait=7)

        count(store)
