"""Can the collector follow 300 tries a second with bursts of 1,000 for long, and does it grow? On PostgreSQL.

    python -m tests.bench.ingest_load [--minutes 12] [--rate 300] [--burst 1000] [--burst-seconds 10] [--warm-up 3]
                                      [--failing 0.01] [--real-time]

Rows are written into Airflow's own tables by the database, once a second, as a scheduler would: runs of 500 DAGs with
ten tasks begin, and those that began five seconds ago end, `--failing` of their tries failed. `--rate` is tries that
end in a second: each is two events or more, since its begin is one, too, and its run begins and ends. For
`--burst-seconds` of every minute the rate is `--burst`. The process that is watched is `airflow wfintel monitor` with
its default settings, looking every two seconds; the tasks' logs are on no disk that it sees, so it looks for lines of
tries in vain.

With `--real-time` (for root) the collector, what makes the rows and the database's processes for both go before other
work (SCHED_RR).

Memory and what else is read: `tests/bench/watched.py`. Ends with status 1 if memory grows by more than `--most` MiB per
hour (lower end of the interval), or if a try is not known at the end.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import Engine, create_engine, make_url, text

from airflow_provider_wfintel.cli.demo.processes import ends_on_signals
from tests.bench.scale import SERVER, environment_of, make_tables
from tests.bench.watched import Watched, lag_of, summary, tries_that_are_missing

DAGS, TASKS, SECONDS = 500, 10, 5
PATIENCE = 300.0
"""Seconds that the collector has at the end to know everything."""
BEGIN = (
    """
    INSERT INTO dag_run (dag_id, run_id, run_type, run_after, queued_at, start_date, logical_date, state, updated_at)
    SELECT 'load_' || n % :dags, 'run_' || n, 'scheduled', now(), now(), now(), now() + n * interval '1 us', 'running',
           now()
    FROM generate_series(CAST(:first AS int), CAST(:last AS int)) n
    """,
    """
    INSERT INTO task_instance (id, dag_id, run_id, task_id, map_index, try_number, max_tries, state, operator,
                               queued_dttm, scheduled_dttm, start_date, pool, pool_slots, queue, priority_weight,
                               hostname, updated_at)
    SELECT CAST(lpad(to_hex(CAST(1000 * extract(epoch FROM clock_timestamp()) AS bigint)), 12, '0') || '7'
                || substr(md5(random()::text), 1, 3) || '8' || substr(md5(n || ' ' || k), 1, 15) AS uuid),
           'load_' || n % :dags, 'run_' || n, 'task_' || k, -1, 1, 1, 'running', 'PythonOperator', now(), now(), now(),
           'default_pool', 1, 'default', 1, 'worker', now()
    FROM generate_series(CAST(:first AS int), CAST(:last AS int)) n, generate_series(1, CAST(:tasks AS int)) k
    """,
)
END = (
    """
    UPDATE task_instance SET state = CASE WHEN random() < :failing THEN 'failed' ELSE 'success' END, end_date = now(),
           duration = extract(epoch FROM now() - start_date), updated_at = now()
    FROM generate_series(CAST(:first AS int), CAST(:last AS int)) n
    WHERE dag_id = 'load_' || n % :dags AND run_id = 'run_' || n
    """,
    """
    UPDATE dag_run SET state = 'success', end_date = now(), updated_at = now()
    FROM generate_series(CAST(:first AS int), CAST(:last AS int)) n
    WHERE dag_id = 'load_' || n % :dags AND run_id = 'run_' || n
    """,
)


def main() -> int:
    """Run and print one JSON object."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=12.0)
    parser.add_argument("--rate", type=int, default=300, help="tries that end in a second")
    parser.add_argument("--burst", type=int, default=1000, help="the same in a burst")
    parser.add_argument("--burst-seconds", type=int, default=10, help="of every minute")
    parser.add_argument("--interval", type=int, default=2, help="seconds between two looks of the collector")
    parser.add_argument("--warm-up", type=float, default=3.0, help="minutes that do not count")
    parser.add_argument("--most", type=float, default=10.0, help="MiB per hour of growth, at its lower end")
    parser.add_argument("--failing", type=float, default=0.01, help="share of the tries that fail")
    parser.add_argument("--real-time", action="store_true")
    options = parser.parse_args()
    name = f"wfintel_load_{secrets.token_hex(6)}"
    admin = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine = create_engine(make_url(SERVER).set(database=name), pool_size=1, max_overflow=0)
    try:
        make_tables(engine)
        found = load(options, engine)
    finally:
        engine.dispose()
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()
    print(json.dumps(found))
    return int(found["missing_tries"] != 0 or found["growth_mib_per_hour_low"] > options.most)


def load(options: argparse.Namespace, engine: Engine) -> dict[str, Any]:
    """Start the collector, make rows, read what it takes."""
    with tempfile.TemporaryDirectory(prefix="wfintel-load-") as folder:
        home = Path(folder)
        environment = dict(environment_of(engine.url.render_as_string(hide_password=False), home))
        with (home / "collector.log").open("wb") as log:
            command = [sys.executable, "-m", "airflow", "wfintel", "monitor", "--interval", str(options.interval)]
            collector = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
            try:
                watched = Watched(psutil.Process(collector.pid))
                before = database_seconds(engine)
                figures = work(options, engine, watched)
                figures["database_cpu_share"] = round((database_seconds(engine) - before) / watched.readings[-1].at, 3)
            finally:
                collector.terminate()
                collector.wait(600)
    return figures | summary(watched.readings, 60.0 * options.warm_up) | {"load_average": os.getloadavg()[1]}


def work(options: argparse.Namespace, engine: Engine, watched: Watched) -> dict[str, Any]:
    """Make rows for as long as wanted; then wait until the collector knows all of them."""
    began, second, number = time.monotonic(), 0, 0
    going: list[tuple[int, int]] = []
    made = late = 0
    while second < 60 * options.minutes:
        rate = options.burst if second % 60 < options.burst_seconds else options.rate
        going.append((number, number + rate // TASKS - 1))
        number += rate // TASKS
        begin(engine, *going[-1])
        if len(going) > SECONDS:
            made += end(engine, *going.pop(0), options.failing)
        if options.real_time and second % 10 == 0:
            goes_first(engine, watched.process)
        watched.read_when_due(lambda: lag_of(engine))
        second += 1
        pause = began + second - time.monotonic()
        late += pause < 0
        time.sleep(max(0.0, pause))
    took = time.monotonic() - began
    for first, last in going:
        made += end(engine, first, last, options.failing)
    until = time.monotonic() + PATIENCE
    while (missing := tries_that_are_missing(engine)) and time.monotonic() < until:
        time.sleep(0.5)
    return {
        "minutes": round(took / 60, 2),
        "tries": made,
        "tries_per_second": round(made / took, 1),
        "seconds_behind_the_plan": late,
        "missing_tries": missing,
        "all_known_after_s": round(time.monotonic() - began - took, 1),
    }


def begin(engine: Engine, first: int, last: int) -> None:
    """Runs with these numbers begin with all of their tasks."""
    numbers = {"first": first, "last": last, "dags": DAGS, "tasks": TASKS}
    with engine.begin() as connection:
        for query in BEGIN:
            connection.execute(text(query), numbers)


def end(engine: Engine, first: int, last: int, failing: float) -> int:
    """They end; returns how many tries."""
    numbers = {"first": first, "last": last, "dags": DAGS, "failing": failing}
    with engine.begin() as connection:
        tries, _ = [connection.execute(text(query), numbers).rowcount for query in END]
    return int(tries)


def backends(engine: Engine) -> list[int]:
    """The database's processes for the collector; they are on the same machine."""
    query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with engine.connect() as connection:
        return list(connection.scalars(text(query)))


def goes_first(engine: Engine, process: psutil.Process) -> None:
    """Let the collector, this process and the database's processes for both go before other work."""
    with engine.connect() as connection:
        own = connection.scalar(text("SELECT pg_backend_pid()"))
    for number in (0, own, *(thread.id for thread in process.threads()), *backends(engine)):
        with contextlib.suppress(ProcessLookupError):
            os.sched_setscheduler(number, os.SCHED_RR, os.sched_param(1))


def database_seconds(engine: Engine) -> float:
    """Processor time of these processes so far."""
    total = 0.0
    for number in backends(engine):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = psutil.Process(number).cpu_times()
            total += times.user + times.system
    return total


if __name__ == "__main__":
    with ends_on_signals():
        raise SystemExit(main())
