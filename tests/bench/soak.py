"""Does the collector grow? The real process, on PostgreSQL, while runs come and go for as long as wanted.

    python -m tests.bench.soak [--minutes 60] [--rate 10] [--interval 2] [--warm-up 3]

Runs with four tasks begin and end at the given rate of tries per second, some of them failed, retried or skipped. The
memory of `airflow wfintel monitor`, its open files and its connections are read as `tests/bench/watched.py` says, and
how far it is behind. Ends with status 1 if memory grows by more than `--most` MiB per hour (lower end of the interval),
if files or connections grow, or if a try is missing at the end.
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
from typing import Any

import psutil
import pytest
from sqlalchemy import create_engine, make_url, text

from airflow_provider_wfintel.cli.demo.processes import ends_on_signals
from tests.bench.watched import Watched, lag_of, summary, tries_that_are_missing

ROOT = Path(__file__).resolve().parents[2]
POSTGRES = os.environ.get("WFINTEL_TEST_POSTGRES", "postgresql+psycopg2://postgres@127.0.0.1:5432/postgres")


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
    grown = found["growth_mib_per_hour_low"] > options.most or found["files_grow"] or found["connections_grow"]
    return int(found["missing_tries"] != 0 or grown)


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
        watched = Watched(psutil.Process(collector.pid))
        try:
            made, missing = work(options, database, watched)
        finally:
            collector.terminate()
            # It ends after its present batch, which takes long on a busy machine.
            collector.wait(600)
    minutes = {"minutes": options.minutes, "tries": made, "tries_per_second": round(made / (60.0 * options.minutes), 2)}
    return minutes | {"missing_tries": missing} | summary(watched.readings, 60.0 * options.warm_up)


def work(options: argparse.Namespace, database: str, watched: Watched) -> tuple[int, int]:
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
        until, made = begin + 60.0 * options.minutes, 0
        while (now := time.monotonic()) < until:
            watched.read_when_due(lambda: lag_of(engine))
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
    return made, missing


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


if __name__ == "__main__":
    with ends_on_signals():
        raise SystemExit(main())
