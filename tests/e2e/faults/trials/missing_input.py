"""An input file is delivered late."""

import os

from airflow.sdk import dag, task

TRIAL = {
    "kind": "resolvable",
    "acceptable": ("wait_for_source", "clear_with_backoff", "rerun_upstream"),
    "heal": (8.0, "file", "input_2031.csv"),
}


@dag(schedule=None)
def missing_input():
    @task
    def job():
        with open(os.path.join(os.environ["FAULT_FOLDER"], "input_2031.csv")) as stream:
            return len(stream.readlines())

    job()


missing_input()
