"""Does the collector grow? The real process, on PostgreSQL, while runs come and go for as long as wanted.

    python -m tests.bench.soak [--minutes 60] [--rate 10] [--interval 2] [--warm-up 3]

Runs with four tasks begin and end at the given rate of tries per second, some of them failed, retried or skipped. The
memory of `airflow wfintel monitor` (resident set) is read every five seconds. Growth is the Theil-Sen slope after the
warm-up with its interval of 95 % (Sen 1968, by `scipy.stats.theilslopes`); the interval is too narrow where readings
follow one another closely, so the first and the last tenth are shown too. Ends with status 1 if the lower end of the
interval is above `--most` MiB per hour, or if a try is missing at the end.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path
from statistics import median
from typing import Any

import psutil
import pytest
from scipy.stats import theilslopes
from sqlalchemy import create_engine, make_url, text

ROOT = Path(__file__).resolve().parents[2]
POSTGRES = os.environ.get("WFINTEL_TEST_POSTGRES", "postgresql+psycopg2://postgres@127.0.0.1:5432/postgres")
EVERY = 5.0
MIB = 1024 * 1024


def main() -> int:
    """Run the soak and print one JSON object."""
    options = read_options()
    name = f"wfintel_soak_{secrets.token_hex(6)}"
    admin = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        with tempfile.TemporaryDirectory(prefix="wfintel-soak-") as home:
            url = make_url(POSTGRES).set(database=name)
            found = soak(options, Path(home), url.render_as_string(hide_password=False))
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()
    print(json.dumps(found))
    return int(found["missing_tries"] > 0 or found["growth_mib_per_hour_low"] > options.most)


def read_options() -> argparse.Namespace:
    """The arguments."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--rate", type=float, default=10.0, help="tries per second")
    parser.add_argument("--interval", type=float, default=2.0, help="seconds between two looks of the collector")
    parser.add_argument("--warm-up", type=float, default=3.0, help="minutes that do not count")
    parser.add_argument("--most", type=float, default=10.0, help="MiB per hour of growth, at its lower end")
    return parser.parse_args()


def soak(options: argparse.Namespace, home: Path, database: str) -> dict[str, Any]:
    """Start the collector, make runs, read its memory."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW_")}
    environment |= {
        "AIRFLOW_HOME": str(home), "AIRFLOW_CONFIG": str(home / "airflow.cfg"), "PYTHONPATH": str(ROOT),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database, "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    }  # fmt: skip
    airflow = [sys.executable, "-m", "airflow"]
    subprocess.run([*airflow, "db", "migrate"], env=environment, check=True, capture_output=True)
    with (home / "collector.log").open("wb") as log:
        command = [*airflow, "wfintel", "monitor", "--interval", str(options.interval)]
        collector = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            samples, made, missing = work(options, database, psutil.Process(collector.pid))
        finally:
            collector.terminate()
            # It ends after its present batch, which takes long on a busy machine.
            collector.wait(600)
    return summary(options, samples, made, missing)


def work(options: argparse.Namespace, database: str, process: psutil.Process) -> tuple[list[Any], int, int]:
    """Make runs at the rate until the time is over; then wait until the collector knows all of them."""
    # Not by its name: other distributions install packages named `tests.integration`.
    spec = importlib.util.spec_from_file_location("world", ROOT / "tests" / "integration" / "monitoring" / "world.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    engine = create_engine(database)
    with pytest.MonkeyPatch.context() as patch:
        world = module.World(engine, 1, patch)
        begin = time.monotonic()
        until, next_reading, made = begin + 60.0 * options.minutes, begin, 0
        samples: list[tuple[float, int]] = []
        while (now := time.monotonic()) < until:
            if now >= next_reading:
                samples.append((now - begin, process.memory_info().rss))
                next_reading += EVERY
            if made < (now - begin) * options.rate:
                made += one_run(world, made)
            else:
                time.sleep(0.05)
        missing = -1
        for _ in range(60):
            missing = tries_that_are_missing(engine)
            if missing == 0:
                break
            time.sleep(2)
    engine.dispose()
    return samples, made, missing


def one_run(world: Any, number: int) -> int:
    """A run of one of forty DAGs, in the present; returns how many tries it had."""
    world.now = datetime.now(timezone.utc)
    dag_id, tries = f"soak_{number % 40}", 0
    run_id = world.new_run(dag_id, tasks=4)
    for place, item in enumerate(world.present(dag_id, run_id)):
        key, tries = item.id, tries + 1
        world.begin_try(key)
        if (number + place) % 11 == 0:
            world.set(key, state="up_for_retry")
            key, tries = world.next_try(key, "up_for_retry"), tries + 1
            world.begin_try(key)
        world.set(key, state="failed" if (number + place) % 97 == 0 else "success")
        world.now = datetime.now(timezone.utc)
    world.set_run(dag_id, run_id, state="success")
    return tries


def tries_that_are_missing(engine: Any) -> int:
    """Tries of Airflow that are over and that our tables do not know as over."""
    query = """
        SELECT count(*) FROM (
            SELECT id::text AS id FROM task_instance WHERE state IN ('success', 'failed')
            UNION ALL SELECT task_instance_id::text FROM task_instance_history
        ) there LEFT JOIN wfintel_workflow_executions ours ON ours.execution_id = there.id
        WHERE ours.execution_id IS NULL OR ours.ended_at IS NULL
    """
    with engine.connect() as connection:
        return int(connection.execute(text(query)).scalar_one())


def summary(options: argparse.Namespace, samples: list[Any], made: int, missing: int) -> dict[str, Any]:
    """Growth and levels, in MiB."""
    counted = [(at / 3600.0, rss / MIB) for at, rss in samples if at >= 60.0 * options.warm_up]
    slope, _, low, high = theilslopes([rss for _, rss in counted], [at for at, _ in counted], 0.95)
    tenth = max(1, len(counted) // 10)
    return {
        "minutes": options.minutes,
        "tries": made,
        "tries_per_second": round(made / (60.0 * options.minutes), 2),
        "missing_tries": missing,
        "readings": len(counted),
        "first_tenth_mib": round(median(rss for _, rss in counted[:tenth]), 1),
        "last_tenth_mib": round(median(rss for _, rss in counted[-tenth:]), 1),
        "most_mib": round(max(rss for _, rss in counted), 1),
        "growth_mib_per_hour": round(slope, 1),
        "growth_mib_per_hour_low": round(low, 1),
        "growth_mib_per_hour_high": round(high, 1),
    }


if __name__ == "__main__":
    raise SystemExit(main())
