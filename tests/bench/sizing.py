"""What a million tries a day need: bytes and processor time, from what one try takes.

    python -m tests.bench.sizing [--per-day 1000000] [--dags 2000] [--cores-at 400 0.65 0.25] [--keep NAME]

Bytes are measured in a database of `tests/bench/scale.py`, which is made unless one of that name is kept: the table of
tries and runs with its indexes, and the figures by hour and day. `--cores-at` is what `tests/bench/ingest_load.py`
measured: tries a second, cores of the collector, cores of the database for it. The time to delete what is old is
measured by deleting 20,000 rows and taking it back. The rest is arithmetic, printed with its terms.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass

from sqlalchemy import Engine, text

from airflow_provider_wfintel.cli.demo.processes import ends_on_signals
from tests.bench.scale import scaled_database

DAY = 86_400
GIB = 2**30
PEAK = 5.0
"""A deployment's busiest hour, as a multiple of the mean: many schedules begin at the same hours."""
DELETED = 20_000


@dataclass(frozen=True)
class Units:
    """What one of each thing takes, in bytes, and deleted rows a second."""

    try_bytes: float
    """With its share of its run's row, and with indexes."""
    runs_per_try: float
    window_bytes: float
    """One DAG's figures of one hour or day."""
    state_bytes: float
    """What is known of one DAG."""
    deleted: float


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--per-day", type=int, default=1_000_000)
    parser.add_argument("--dags", type=int, default=2000)
    parser.add_argument("--cores-at", type=float, nargs=3, metavar=("TRIES", "COLLECTOR", "DATABASE"))
    parser.add_argument("--keep", default="")
    options = parser.parse_args()
    with scaled_database(options.keep, 2000, 1_000_000) as engine:
        units = measured(engine)
    print(f"a try with its share of a run: {units.try_bytes:,.0f} bytes ({units.runs_per_try:.2f} runs per try)")
    print(f"figures of a DAG in an hour or day: {units.window_bytes:,.0f} bytes")
    print(f"what is known of a DAG: {units.state_bytes:,.0f} bytes")
    print(f"deleting: {units.deleted:,.0f} rows/s")
    plan(units, options.per_day, options.dags)
    if options.cores_at:
        processors(options.per_day, *options.cores_at)


def measured(engine: Engine) -> Units:
    """The units of a database."""
    sizes = {}
    with engine.connect() as connection:
        for table in ("workflow_executions", "workflow_monitoring_metrics", "dag_states"):
            row = connection.execute(
                text(f"SELECT pg_total_relation_size('wfintel_{table}'), count(*) FROM wfintel_{table}")
            ).one()
            sizes[table] = int(row[0]), int(row[1])
        tries = int(connection.scalar(text("SELECT count(*) FROM wfintel_workflow_executions WHERE kind = 'try'")) or 0)
    size, rows = sizes["workflow_executions"]
    windows, states = sizes["workflow_monitoring_metrics"], sizes["dag_states"]
    return Units(size / tries, rows / tries - 1, windows[0] / windows[1], states[0] / states[1], deleting(engine))


def deleting(engine: Engine) -> float:
    """Rows a second that are deleted as the collector does, 1,000 at a time by their keys; all is taken back."""
    query = text(
        "DELETE FROM wfintel_workflow_executions WHERE execution_id IN (SELECT execution_id FROM"
        " wfintel_workflow_executions WHERE kind IN ('try', 'run') AND ended_at < now() LIMIT 1000)"
    )
    with engine.connect() as connection:
        began, gone = time.perf_counter(), 0
        while gone < DELETED:
            gone += connection.execute(query).rowcount
        took = time.perf_counter() - began
        connection.rollback()
    return gone / took


def plan(units: Units, per_day: int, dags: int) -> None:
    """Disk, by how long tries are kept."""
    day = per_day * units.try_bytes
    print(f"{per_day:,} tries a day: {day / GIB:.2f} GiB a day, {per_day / DAY:.1f} tries/s on average")
    # At most one window per DAG and hour (30 days), and one per DAG and day (800 days by default).
    figures = dags * (24 * 30 + 800) * units.window_bytes
    states = dags * units.state_bytes
    rows = per_day * (1 + units.runs_per_try)
    print(f"figures of {dags:,} DAGs, 30 days by hour and 800 by day: at most {figures / GIB:.1f} GiB")
    print(f"what is known of {dags:,} DAGs: {states / GIB:.2f} GiB")
    for days in (30, 90, 400):
        total = days * day + figures + states
        print(f"  retention_days = {days:3}: {days * rows / 1e6:6,.0f} million rows, {total / GIB:7,.0f} GiB in all")
    print(f"deleting a day's rows: {rows / units.deleted / 60:.0f} minutes a day")


def processors(per_day: int, tries: float, collector: float, database: float) -> None:
    """Cores, on average and in the busiest hour."""
    for name, cores in (("collector", collector), ("database for it", database)):
        each = cores / tries
        mean = each * per_day / DAY
        print(
            f"{name}: {1000 * each:.2f} ms a try, {mean:.3f} cores on average, {PEAK * mean:.2f} at {PEAK:.0f} times it"
        )


if __name__ == "__main__":
    with ends_on_signals():
        main()
