"""Predict and then measure the makespans of small DAGs in a real Airflow, and write what was measured.

    python -m tests.bench.measure_layouts [--rounds 3] [--database postgresql+psycopg2://postgres@127.0.0.1/postgres]
        [--out tests/evals/optimization/measured.json]

Follows the usual recipe: warm up, run the cases one after the other in several rounds (interleaved), record the load
of the machine with every run and leave no run out. With `--database` a database is made there and dropped afterwards;
without it Airflow runs on SQLite.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.cli.demo.airflow_api import AirflowApi, Run, wait_for
from airflow_provider_wfintel.cli.demo.processes import Crew, ends_on_signals
from airflow_provider_wfintel.cli.demo.workplace import free_ports, prepare_folder
from airflow_provider_wfintel.engine.model import to_json
from tests.evals.optimization.layout_cases import CASES, POOLS

ROOT = Path(__file__).resolve().parents[2]
COMPONENTS = ("api-server", "scheduler", "dag-processor", "triggerer")
PARALLELISM = 32
LATEST = 400.0


class MeasuringApi(AirflowApi):
    """Also makes pools, and reads the times of a run."""

    def make_pool(self, name: str, slots: int) -> None:
        """Make a pool."""
        self.call("POST", "pools", {"name": name, "slots": slots, "include_deferred": False})

    def makespan(self, run: Run) -> float:
        """Seconds from the run's start to its end."""
        row = self.call("GET", f"dags/{run.dag_id}/dagRuns/{run.run_id}")
        return (moment(row["end_date"]) - moment(row["start_date"])).total_seconds()


def moment(text: str) -> datetime:
    """A time of a REST answer."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


@contextmanager
def database(server: str) -> Iterator[str]:
    """The URL of a new database on a server, dropped afterwards."""
    from sqlalchemy import create_engine, make_url, text

    name = f"wfintel_measure_{os.getpid()}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        engine.dispose()


def dag_id_of(name: str) -> str:
    """A case's name as a DAG id."""
    return name.replace(" ", "_").replace(",", "")


def measure(rounds: int, url: str | None) -> dict[str, list[dict[str, float]]]:
    """Makespan and load of every run of every case."""
    found: dict[str, list[dict[str, float]]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        place, ports = prepare_folder(folder), free_ports()
        cases = Path(folder) / "cases.json"
        cases.write_text(json.dumps({dag_id_of(case.name): to_json(case.workload) for case in CASES}))
        (place.dags / "measured_dags.py").write_text((Path(__file__).parent / "measured_dags.py").read_text())
        settings = place.environment(ports)
        settings |= {
            "WFINTEL_CASES": str(cases),
            "PYTHONPATH": str(ROOT),
            "AIRFLOW__CORE__PARALLELISM": str(PARALLELISM),
        }
        settings |= {"AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "1"}
        settings |= {"AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "300"}
        if url:
            settings["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] = url
        api = MeasuringApi(f"http://127.0.0.1:{ports.airflow}")
        with Crew(place.folder, place.logs, settings) as crew:
            start(crew, api)
            run_case(crew, api, "fan of 30")  # warms the workers up, see the docstring
            for _ in range(rounds):
                for case in CASES:
                    found[case.name].append(run_case(crew, api, case.name))
    return dict(found)


def start(crew: Crew, api: MeasuringApi) -> None:
    """Start Airflow with the pools, and unpause the DAGs."""
    crew.run("migrate", ["airflow", "db", "migrate"], timeout=300)
    for name in COMPONENTS:
        crew.start(name, ["airflow", name])
    wait_for("a healthy Airflow", api.healthy, timeout=300, check=crew.check, pause=1.0)
    api.warm_up()
    api.log_in()
    for name, slots in POOLS.items():
        api.make_pool(name, slots)
    for case in CASES:
        there = partial(api.dag_is_there, dag_id_of(case.name), "measured_dags.py")
        wait_for(case.name, there, timeout=120, check=crew.check)
        api.unpause(dag_id_of(case.name))


def run_case(crew: Crew, api: MeasuringApi, name: str) -> dict[str, float]:
    """Run one case to its end."""
    load = os.getloadavg()[0]
    run = api.trigger(dag_id_of(name))

    def over() -> str | None:
        state = api.run_state(run)
        return state if state in ("success", "failed") else None

    state = wait_for(name, over, timeout=LATEST, check=crew.check, pause=1.5)
    row = {"makespan": round(api.makespan(run), 2), "load": round(load, 1), "good": float(state == "success")}
    sys.stdout.write(f"{name:24} {row}\n")
    sys.stdout.flush()
    return row


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", default="", help="a PostgreSQL server; default: SQLite")
    parser.add_argument("--out", default=str(ROOT / "tests/evals/optimization/measured.json"))
    arguments = parser.parse_args()
    if arguments.database:
        with database(arguments.database) as url:
            found = measure(arguments.rounds, url)
    else:
        found = measure(arguments.rounds, None)
    facts: dict[str, Any] = {
        "airflow": "3.3.2",
        "database": "PostgreSQL" if arguments.database else "SQLite",
        "executor": "LocalExecutor",
        "cores": os.cpu_count(),
        "runs": found,
    }
    Path(arguments.out).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    with ends_on_signals():
        main()
