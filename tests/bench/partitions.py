"""Whether the table of tries should be partitioned: the same work on the plain table and on one by day.

    python -m tests.bench.partitions [--dags 2000] [--tries 1000000] [--rounds 5] [--keep NAME]

A PostgreSQL database gets our tables and made-up tries of about sixty days. Keys of tries begin with their time, as
Airflow's do (UUID version 7), so partitions are ranges of keys, one for each day; keys of runs lie anywhere and are
in the partition for the rest. Each table in turn takes the name that the package asks for, and the package's own
queries work on it. Printed are medians of processor time of the database's process, which other work on the machine
does not change much, and the 95th percentile of the time of reads, plain and by day alternating.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any
from uuid import uuid4

import psutil
from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.orm import Session

from airflow_provider_wfintel.engine.model import TaskTry, TryChange
from airflow_provider_wfintel.store.repositories.executions import Executions
from tests.bench.scale import SERVER, make_rows, make_tables

TABLE = "wfintel_workflow_executions"
PLAIN, BY_DAY = "plain", "by_day"
WRITTEN = 5000
READ_DAGS = 60
KEY = """
overlay(overlay(lpad(to_hex((extract(epoch FROM {moment}) * 1000)::bigint), 12, '0') placing '-' from 9 for 0)
        placing '-7' from 14 for 0)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--dags", type=int, default=2000)
    parser.add_argument("--tries", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", default="", help="name of a database that is made once and kept")
    options = parser.parse_args()
    now = datetime.now(timezone.utc).replace(minute=0, second=0, microsecond=0)
    with database(options.keep) as engine:
        days = prepare(engine, now, options.dags, options.tries)
        print(f"{options.tries:,} tries of {options.dags:,} DAGs, {days} partitions", flush=True)
        compare(engine, now, options)


@contextmanager
def database(keep: str) -> Any:
    """A database of its own, dropped afterwards unless it is to be kept."""
    name = keep or f"wfintel_partitions_{uuid4().hex[:8]}"
    server = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        if not connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}):
            connection.execute(text(f"CREATE DATABASE {name}"))
    engine = create_engine(make_url(SERVER).set(database=name))
    try:
        yield engine
    finally:
        engine.dispose()
        if not keep:
            with server.connect() as connection:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        server.dispose()


def prepare(engine: Engine, now: datetime, dags: int, tries: int) -> int:
    """Make both tables with equal rows; returns the number of partitions."""
    make_tables(engine)
    with engine.begin() as connection:
        if connection.scalar(text("SELECT to_regclass('by_day')")) is None:
            make_rows(engine, now, 1, dags, max(1, tries // (dags * 5)))
            make_both(connection)
        days = connection.scalar(text("SELECT count(*) FROM pg_inherits WHERE inhparent = 'by_day'::regclass"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return int(days or 0)


def make_both(connection: Connection) -> None:
    """The table as it is with keys as Airflow makes them, and one with a partition for each day."""
    moment = KEY.format(moment="coalesce(started_at, queued_at)").strip()
    connection.execute(
        text(
            f"UPDATE {TABLE} SET execution_id = {moment} || substr(execution_id, 16)"  # 8-4-1 letters are the time's
            " WHERE kind = 'try' AND coalesce(started_at, queued_at) IS NOT NULL"
        )
    )
    connection.execute(text(f"CREATE TABLE by_day (LIKE {TABLE} INCLUDING ALL) PARTITION BY RANGE (execution_id)"))
    connection.execute(text("CREATE TABLE by_day_rest PARTITION OF by_day DEFAULT"))
    first, last = connection.execute(
        text(f"SELECT date_trunc('day', min(started_at)), max(started_at) FROM {TABLE} WHERE kind = 'try'")
    ).one()
    number = 0
    while first <= last + timedelta(days=1):
        low, high = (_key_at(moment) for moment in (first, first + timedelta(days=1)))
        connection.execute(
            text(f"CREATE TABLE by_day_{number} PARTITION OF by_day FOR VALUES FROM ('{low}') TO ('{high}')")
        )
        first, number = first + timedelta(days=1), number + 1
    connection.execute(text(f"INSERT INTO by_day SELECT * FROM {TABLE}"))
    connection.execute(text(f"ALTER TABLE {TABLE} RENAME TO plain"))


def _key_at(moment: datetime) -> str:
    """The least key of a try that was made at a moment."""
    letters = f"{int(moment.timestamp() * 1000):012x}"
    return f"{letters[:8]}-{letters[8:]}"


def compare(engine: Engine, now: datetime, options: argparse.Namespace) -> None:
    """Do the same on both, in turn, and print what it took."""
    work: dict[str, Callable[[Session, int], None]] = {
        f"write {WRITTEN:,} new tries": lambda session, number: write(session, now, number),
        f"write them again, changed ({WRITTEN:,})": lambda session, number: write(session, now, number, again=True),
        f"history of {READ_DAGS} DAGs (100 runs)": lambda session, number: histories(session, number, options.dags),
        "tries of ten minutes": lambda session, number: between(session, now, number),
        "delete a day by key, 1,000 at a time": oldest,
    }
    taken: dict[tuple[str, str], list[float]] = {}
    clocks: dict[tuple[str, str], list[float]] = {}
    for number in range(options.rounds):
        for name in (PLAIN, BY_DAY) if number % 2 else (BY_DAY, PLAIN):
            for what, act in work.items():
                cpu, seconds = measured(engine, name, partial(_with_number, act, number))
                taken.setdefault((what, name), []).append(cpu)
                clocks.setdefault((what, name), []).append(seconds)
    for what in work:
        plain, by_day = (statistics.median(taken[what, name]) for name in (PLAIN, BY_DAY))
        print(f"{what}: {1000 * plain:.0f} ms of the database plain, {1000 * by_day:.0f} ms by day")
    reads(engine, options.dags)
    dropping(engine)


def measured(engine: Engine, name: str, act: Callable[[Session], None]) -> tuple[float, float]:
    """Seconds of the database's processor and of the clock; what was changed is kept only by writing."""
    with Session(engine) as session:
        session.execute(text(f"ALTER TABLE {name} RENAME TO {TABLE}"))
        process = psutil.Process(int(session.scalar(text("SELECT pg_backend_pid()")) or 0))
        before, began = sum(process.cpu_times()[:2]), time.perf_counter()
        act(session)
        session.flush()
        spent, seconds = sum(process.cpu_times()[:2]) - before, time.perf_counter() - began
        session.execute(text(f"ALTER TABLE {TABLE} RENAME TO {name}"))
        session.commit()
    return spent, seconds


def _with_number(act: Callable[[Session, int], None], number: int, session: Session) -> None:
    act(session, number)


def write(session: Session, now: datetime, number: int, *, again: bool = False) -> None:
    """One batch of the collector: new tries of now, or the same ones in their next state."""
    changes = []
    for place in range(WRITTEN):
        key = f"{_key_at(now)}-7{number:03x}-8000-{place:012x}"
        at = now + timedelta(seconds=place / 100 + (60 if again else 0))
        item = TaskTry(
            try_id=key, dag_id=f"dag_{1 + place % 2000}", run_id=f"bench_{number}", task_id="task_1", try_number=1,
            state="success" if again else "running", started_at=now.isoformat(),
            ended_at=at.isoformat() if again else "", duration=60.0 if again else None, pool="default_pool",
        )  # fmt: skip
        changes.append(TryChange(item, changed_at=at.isoformat()))
    for first in range(0, WRITTEN, 1000):
        Executions(session).write(changes[first : first + 1000], batch=10_000_000 + 2 * number + again)


def histories(session: Session, number: int, dags: int) -> None:
    for place in range(READ_DAGS):
        Executions(session).history(f"dag_{1 + (number * READ_DAGS + place) % dags}", last=100)


def between(session: Session, now: datetime, number: int) -> None:
    begin = now - timedelta(days=3 + number)
    Executions(session).tries_between(begin.isoformat(), (begin + timedelta(minutes=10)).isoformat())


def oldest(session: Session, _number: int) -> None:
    """What ended in the first day that is left."""
    first = session.scalar(text(f"SELECT min(ended_at) FROM {TABLE} WHERE kind = 'try'"))
    assert first is not None
    while Executions(session).drop_before(first + timedelta(days=1), limit=1000):
        session.flush()


def reads(engine: Engine, dags: int) -> None:
    """The time that one history takes, in turn."""
    times: dict[str, list[float]] = {PLAIN: [], BY_DAY: []}
    for place in range(100):
        for name in (PLAIN, BY_DAY):
            one = partial(_one, dag_id=f"dag_{1 + place * 17 % dags}")
            times[name].append(measured(engine, name, one)[1])
    for name, values in times.items():
        ordered = sorted(values)
        p95 = ordered[int(0.95 * len(ordered))]
        print(f"history of a DAG, {name}: median {1000 * statistics.median(ordered):.1f} ms, p95 {1000 * p95:.1f} ms")


def _one(session: Session, *, dag_id: str) -> None:
    Executions(session).history(dag_id, last=100)


def dropping(engine: Engine) -> None:
    """Dropping the partition of a day that nobody deleted yet, beside deleting its rows."""
    with engine.connect() as connection:
        process = psutil.Process(int(connection.scalar(text("SELECT pg_backend_pid()")) or 0))
        for number in range(30, 33):
            rows = connection.scalar(text(f"SELECT count(*) FROM by_day_{number}"))
            before, began = sum(process.cpu_times()[:2]), time.perf_counter()
            connection.execute(text(f"DROP TABLE by_day_{number}"))
            connection.commit()
            spent = sum(process.cpu_times()[:2]) - before
            print(
                f"dropping a day of {rows:,} tries: {1000 * spent:.0f} ms of the database,"
                f" {1000 * (time.perf_counter() - began):.0f} ms"
            )


if __name__ == "__main__":
    main()
