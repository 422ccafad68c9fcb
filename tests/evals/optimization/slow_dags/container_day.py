"""Container moves of a day: all received, then all checked in, then all billed, with a join between."""
from datetime import datetime

import etl_lib
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import dag, task, task_group

TERMINALS = {"north": (12, 3, 6), "south": (4, 10, 3), "east": (3, 4, 12), "west": (9, 6, 2)}


@dag(schedule=None, start_date=datetime(2026, 1, 1), catchup=False, tags=["containers"])
def container_day():
    received = EmptyOperator(task_id="received")
    checked = EmptyOperator(task_id="checked")

    @task
    def receive(terminal: str, wait: int):
        etl_lib.receive(f"moves_{terminal}", wait)

    @task
    def check_in(terminal: str, wait: int):
        etl_lib.statement(f"INSERT INTO yard_{terminal} SELECT * FROM in_moves_{terminal}", wait)

    @task
    def bill(terminal: str, wait: int):
        etl_lib.statement(f"INSERT INTO bills_{terminal} SELECT * FROM yard_{terminal}", wait)

    @task_group
    def receiving():
        for terminal, (wait, _, _) in TERMINALS.items():
            receive.override(task_id=f"receive_{terminal}")(terminal, wait)

    @task_group
    def checking():
        for terminal, (_, wait, _) in TERMINALS.items():
            check_in.override(task_id=f"check_in_{terminal}")(terminal, wait)

    @task_group
    def billing():
        for terminal, (_, _, wait) in TERMINALS.items():
            bill.override(task_id=f"bill_{terminal}")(terminal, wait)

    @task
    def day_report():
        etl_lib.derive("day_report", [f"bills_{terminal}" for terminal in TERMINALS], wait=3)

    receiving() >> received >> checking() >> checked >> billing() >> day_report()


container_day()
