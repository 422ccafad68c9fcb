"""The DAG's file breaks while its run goes on: Airflow schedules nothing more, and the run stays running."""

from airflow.sdk import dag, task

TRIAL = {
    "kind": "stopped",
    "acceptable": ("fail_stuck_run",),
    "state": "none",
    "waits": 90.0,
    "leaves": ("run", "failed"),
}


@dag(schedule=None)
def stuck_run():
    @task
    def before():
        from pathlib import Path
        from time import sleep

        # A task has its code already; the dag-processor reads the file anew.
        Path(__file__).write_text("broken(\n")
        sleep(12)

    @task
    def job():
        return 1

    before() >> job()


stuck_run()
