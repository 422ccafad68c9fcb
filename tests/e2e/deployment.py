"""A real Airflow with a history, for tests that look at it: own folder, ports and database, stopped surely."""

from __future__ import annotations

import contextlib
import json
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.cli.demo.airflow_api import AirflowApi, Run, wait_for
from airflow_provider_wfintel.cli.demo.processes import Crew, ends_on_signals
from airflow_provider_wfintel.cli.demo.workplace import free_ports, prepare_folder
from tests.e2e.seeded_dags import BROKEN, LONG_LOG, RUNNING, SUCCEEDING, write_dags

__all__ = ["POSTGRES", "Deployment", "empty_database", "postgres_answers", "read_deployment", "seeded_airflow"]

ROOT = Path(__file__).resolve().parents[2]
POSTGRES = "postgresql+psycopg2://postgres@127.0.0.1:5432/postgres"
PREPARE_SECONDS = 300.0
START_SECONDS = 420.0
RUN_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Deployment:
    """An Airflow that runs.

    Attributes:
        base_url: where its UI is.
        database: the URL of its metadata database.
        api: calls on its REST API as an administrator.
        runs: the live runs, by DAG.
    """

    base_url: str
    database: str
    api: AirflowApi
    crew: Crew
    runs: dict[str, Run] = field(default_factory=dict)

    def ended(self, dag_id: str) -> Run:
        """The live run of that DAG, when it has ended."""
        run = self.runs[dag_id]
        over = lambda: self.api.run_state(run) in ("success", "failed")  # noqa: E731
        wait_for(f"the end of {dag_id}", over, timeout=RUN_SECONDS, check=self.crew.check)
        return run

    def begun(self, dag_id: str) -> Run:
        """The live run of that DAG, when a task of it runs."""
        run = self.runs[dag_id]
        runs = lambda: any(task["state"] == "running" for task in self.api.tasks(run))  # noqa: E731
        wait_for(f"the begin of {dag_id}", runs, timeout=RUN_SECONDS, check=self.crew.check)
        return run


def postgres_answers() -> bool:
    """Whether there is a PostgreSQL server that we may use."""
    from sqlalchemy import create_engine, exc

    engine = create_engine(POSTGRES, connect_args={"connect_timeout": 3})
    try:
        engine.connect().close()
    except exc.OperationalError:
        return False
    finally:
        engine.dispose()
    return True


@contextlib.contextmanager
def empty_database(folder: Path) -> Iterator[str]:
    """The URL of an empty database: on PostgreSQL, dropped at the end, or else a SQLite file in the folder."""
    from sqlalchemy import create_engine, make_url, text

    if not postgres_answers():
        yield f"sqlite:///{folder / 'airflow.db'}?timeout=60"
        return
    name = f"wfintel_ui_{secrets.token_hex(6)}"
    admin = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


@contextlib.contextmanager
def seeded_airflow(folder: Path, *, tries: int = 20_000, long_log: bool = False) -> Iterator[Deployment]:
    """Start an Airflow with a history of `tries` tries and live runs: one fails, one runs on, one succeeds."""
    ports = free_ports()
    place = prepare_folder(folder)
    write_dags(place.dags, long_log=long_log)
    with empty_database(place.airflow_home) as database:
        environment = {**place.environment(ports), **_settings(database, place.folder), "PYTHONPATH": str(ROOT)}
        with Crew(place.folder, place.logs, environment) as crew:
            crew.run("migrate", ["airflow", "db", "migrate"], timeout=PREPARE_SECONDS)
            crew.run("seed", ["tests.e2e.seed", "--tries", str(tries)], timeout=PREPARE_SECONDS)
            deployment = Deployment(environment["AIRFLOW__API__BASE_URL"], database, _started(crew, environment), crew)
            for dag_id in (BROKEN, RUNNING, SUCCEEDING, *((LONG_LOG,) if long_log else ())):
                deployment.runs[dag_id] = deployment.api.trigger(dag_id)
            yield deployment


def _settings(database: str, folder: Path) -> dict[str, str]:
    settings: dict[str, Any] = {
        "DATABASE__SQL_ALCHEMY_CONN": database,
        "CORE__PARALLELISM": 3,
        # The files do not change: they are stored already, and two cores have better things to do.
        "DAG_PROCESSOR__REFRESH_INTERVAL": 600,
        "DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": 600,
        "DAG_PROCESSOR__PARSING_PROCESSES": 1,
        "WFINTEL__PLAN_FILE": folder / "plan.json",
        "WFINTEL__TRIAL_OVER_REST": True,
        "WFINTEL__COLLECTOR": "api-server",
        "WFINTEL__COLLECTOR_INTERVAL_SECONDS": 5,
    }
    return {f"AIRFLOW__{key}": str(value) for key, value in settings.items()}


def _started(crew: Crew, environment: dict[str, str]) -> AirflowApi:
    """No triggerer: no task here is deferred."""
    api = AirflowApi(environment["AIRFLOW__API__BASE_URL"])
    crew.start("api-server", ["airflow", "api-server"])
    crew.start("scheduler", ["airflow", "scheduler"])
    wait_for("an api-server that answers", lambda: _answers(api), timeout=START_SECONDS, check=crew.check, pause=1.0)
    # When the others have loaded: five interpreters that start at once are slower than one after the other.
    crew.start("dag-processor", ["airflow", "dag-processor"])
    api.warm_up()
    api.log_in()
    return api


def _answers(api: AirflowApi) -> bool:
    import requests

    try:
        return requests.get(f"{api.base_url}/api/v2/version", timeout=5, proxies={"http": ""}).ok
    except requests.RequestException:
        return False


def read_deployment(path: Path) -> Deployment:
    """A deployment that another process keeps running."""
    data = json.loads(path.read_text(encoding="utf-8"))
    api = AirflowApi(data["base_url"])
    api.log_in()
    runs = {dag_id: Run(dag_id, run_id) for dag_id, run_id in data["runs"].items()}
    return Deployment(data["base_url"], data["database"], api, Crew(path.parent, path.parent, {}), runs)


def main() -> int:
    """Start one and keep it until Ctrl-C, to look at it or to try one test often.

    python -m tests.e2e.deployment FOLDER
    """
    import sys

    folder = Path(sys.argv[1])
    with seeded_airflow(folder, long_log=True) as deployment, contextlib.suppress(KeyboardInterrupt):
        runs = {run.dag_id: run.run_id for run in deployment.runs.values()}
        data = {"base_url": deployment.base_url, "database": deployment.database, "runs": runs}
        (folder / "deployment.json").write_text(json.dumps(data), encoding="utf-8")
        sys.stdout.write(f"{deployment.base_url} runs; Ctrl-C ends it\n")
        sys.stdout.flush()
        while True:
            deployment.crew.check()
            time.sleep(1)
    return 0


if __name__ == "__main__":
    with ends_on_signals():
        raise SystemExit(main())
