"""Loans, returns and fines of the town's library branches."""

from __future__ import annotations

import pendulum
from airflow.sdk import dag, task, task_group

from etl_lib import extract, run_sql, transform

BRANCHES = ("central", "north", "harbour", "college", "castle")
SECONDS = dict(central=6, north=3, harbour=2, college=4, castle=2)

FINES_SQL = """
    CREATE OR REPLACE TABLE fines AS
    SELECT l.reader, SUM(l.days_late) * 0.20 AS amount
    FROM loans_central l
    JOIN loans_college c ON c.reader = l.reader
    GROUP BY l.reader
"""


@dag(schedule=None, start_date=pendulum.datetime(2025, 3, 1, tz="UTC"), catchup=False, tags=["library"])
def library_loans():
    groups = []
    for branch in BRANCHES:

        @task_group(group_id=f"branch_{branch}")
        def load_branch(name: str):
            @task
            def fetch(name: str):
                return extract(f"loans_{name}", seconds=SECONDS[name])

            @task
            def tidy(name: str):
                transform(f"loans_{name}", [f"raw_loans_{name}"], seconds=2)

            fetch(name) >> tidy(name)

        groups.append(load_branch(branch))

    @task
    def fines():
        run_sql(FINES_SQL, seconds=5)

    @task
    def top_titles():
        transform("top_titles", [f"loans_{b}" for b in BRANCHES if b != "college"], seconds=6)

    @task
    def shelf_plan():
        transform("shelf_plan", ["top_titles"], seconds=2)

    for earlier, later in zip(groups, groups[1:]):
        earlier >> later
    groups[-1] >> fines() >> top_titles() >> shelf_plan()


library_loans()
