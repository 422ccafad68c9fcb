"""Buses report their positions; delays are worked out line by line."""
import time
from datetime import datetime

from airflow.sdk import dag, task

import etl_lib


def read_timetable():
    """The timetable, from the planning system (slow)."""
    time.sleep(2)
    return {"12": 40, "17": 25, "31": 60}


TIMETABLE = read_timetable()
LINES = ["12", "17", "31"]


@dag(schedule=None, start_date=datetime(2025, 1, 1), catchup=False, tags=["transport"])
def bus_telemetry():
    @task
    def positions(line):
        etl_lib.extract(f"positions_{line}", seconds=3)
        return line

    @task
    def relay(line):
        return line

    @task
    def delays(line):
        print("trips planned:", TIMETABLE[line])
        etl_lib.transform(f"delays_{line}", [f"raw_positions_{line}"], seconds=2)

    @task
    def board():
        etl_lib.transform("board", [f"delays_{line}" for line in LINES], seconds=2)

    last = None
    for line in LINES:
        got = positions.override(task_id=f"positions_{line}")(line)
        handed = relay.override(task_id=f"relay_{line}")(got)
        late = delays.override(task_id=f"delays_{line}")(handed)
        if last is not None:
            last >> got
        last = late
    last >> board()


bus_telemetry()
