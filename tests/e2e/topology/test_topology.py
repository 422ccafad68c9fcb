"""Celery, Redis, PostgreSQL, two schedulers, api-servers and workers, dag-processor, triggerer, collector.

All four verbs work on it, and whichever node dies, nothing is lost and nothing is acted on twice. The tests follow one
another on one deployment: each node is killed while work is under way, and started again as a supervisor would.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.topology.deployment import ROOT, Topology, topology

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]

OWN = "/wfintel/api/workflows"
SELF = "wfintel_self_diagnosis"
SERVICES = "wfintel_service_health"
TEXT = "Every day at 06:00 run the shell command `echo topology-works`."
WAVES = """
import os
import time
from datetime import datetime, timedelta
from pathlib import Path

from airflow.providers.standard.sensors.time_delta import TimeDeltaSensor
from airflow.sdk import DAG, get_current_context, task

HOME = Path(os.environ["TOPOLOGY"])


def mark(name):
    with open(HOME / "marks" / name, "a") as file:
        file.write(os.environ.get("HOSTNAME", "") + "\\n")


with DAG("topology_wave", schedule=None, start_date=datetime(2026, 1, 1), is_paused_upon_creation=False,
         max_active_runs=20, default_args={"retries": 4, "retry_delay": timedelta(seconds=1)}):

    @task
    def act(number):
        ti = get_current_context()["ti"]
        mark(f"{ti.run_id}.{number}.{ti.try_number}")
        time.sleep(2)

    wait = TimeDeltaSensor(task_id="wait", delta=timedelta(seconds=1), deferrable=True)
    acts = act.expand(number=[1, 2, 3])
    acts >> wait


with DAG("topology_services", schedule=None, start_date=datetime(2026, 1, 1)):

    @task
    def talk():
        from airflow.providers.http.hooks.http import HttpHook

        HttpHook(http_conn_id="alerts").run()
        HttpHook(http_conn_id="nobody_made_it").run()
        HttpHook(http_conn_id="gone").run()

    talk()


with DAG("topology_dropped", schedule=None, start_date=datetime(2026, 1, 1), is_paused_upon_creation=False):

    @task
    def job():
        try:
            (HOME / "marks" / "dropped").mkdir()
        except FileExistsError:
            return
        raise ConnectionResetError(104, "Connection reset by peer")

    job()
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Topology]:
    if shutil.which("redis-server") is None and os.environ.get("CI", "").lower() != "true":
        pytest.skip("no redis-server")
    files = {"waves.py": WAVES}
    for name in (SELF, SERVICES):
        own = (ROOT / "dags" / f"{name}.py").read_text()
        # Started by hand here, so that nothing depends on the minute.
        files[f"{name}.py"] = re.sub(r'schedule="[^"]+"', "schedule=None", own)
    with topology(tmp_path_factory.mktemp("topology") / "home", files) as made:
        for dag_id in ("topology_wave", "topology_dropped", SELF, SERVICES):
            there = lambda name=dag_id: made.call("GET", f"/api/v2/dags/{name}", tries=1)  # noqa: E731
            made.wait(f"the DAG {dag_id}", there, 180)
        for dag_id in (SELF, SERVICES):
            made.call("PATCH", f"/api/v2/dags/{dag_id}?update_mask=is_paused", {"is_paused": False})
        yield made


def test_a_described_dag_is_generated_saved_and_runs(place: Topology) -> None:
    answer = place.call("POST", f"{OWN}/automation/generate", {"user_input": TEXT})
    saved = place.call("POST", f"{OWN}/automation/save", {"user_input": TEXT})
    assert (place.folder / "dags" / saved["file_name"]).read_text(encoding="utf-8") == answer["source"]
    dag = f"/api/v2/dags/{saved['dag_id']}"
    place.wait("the generated DAG", lambda: place.call("GET", dag, tries=1), 90)
    place.call("PATCH", f"{dag}?update_mask=is_paused", {"is_paused": False})
    place.run(saved["dag_id"], "first")
    assert place.ended(saved["dag_id"], "first") == "success"


def test_a_run_is_measured_scored_and_optimized(place: Topology) -> None:
    place.run("topology_wave", "measured")
    assert place.ended("topology_wave", "measured") == "success"

    def known() -> Any:
        found = place.call("GET", f"{OWN}/monitoring/health?dag_id=topology_wave")["dags"]
        return found and found[0]["score"] is not None and found

    health = place.wait("a health score", known, 60)
    assert 0.0 <= health[0]["score"] <= 100.0
    metrics = place.call("GET", f"{OWN}/monitoring/metrics/dag?dag_id=topology_wave")
    assert metrics["dag_id"] == "topology_wave"
    plan = place.call("POST", f"{OWN}/optimization/analyze", {"dag_id": "topology_wave"})
    assert "bottlenecks" in plan


def test_a_failed_task_is_diagnosed_and_mended_once(place: Topology) -> None:
    place.run("topology_dropped", "first")
    assert place.ended("topology_dropped", "first") == "failed"
    for number in (1, 2):  # the second has nothing left to do
        place.run(SELF, f"look-{number}")
        assert place.ended(SELF, f"look-{number}") == "success"
    assert place.ended("topology_dropped", "first") == "success"
    (session,) = place.call("GET", f"{OWN}/troubleshooting/sessions?dag_id=topology_dropped")["sessions"]
    assert session["label"] == "connection_dropped"


def test_a_worker_looks_at_the_services_of_all_dags(place: Topology) -> None:
    place.run(SERVICES, "first")
    assert place.ended(SERVICES, "first") == "success"
    found = {item["conn_id"]: item for item in place.call("GET", f"{OWN}/monitoring/services")["services"]}
    states = {conn_id: item["last"] and item["last"]["state"] for conn_id, item in found.items()}
    # The receiver of alerts answers a GET with 501: it is there, and not well.
    assert states == {"alerts": "refused", "gone": "unreachable", "nobody_made_it": "missing"}
    assert "topology_services" in found["gone"]["dag_ids"]


def wave(place: Topology, name: str, runs: int = 2) -> list[str]:
    ids = [f"{name}-{number}" for number in range(runs)]
    for run_id in ids:
        place.run("topology_wave", run_id)
    return ids


def begun(place: Topology, ids: list[str]) -> bool:
    return any(path.name.split(".")[0] in ids for path in (place.folder / "marks").iterdir())


@pytest.mark.parametrize(
    "node", ["collector", "api-server-1", "scheduler-1", "worker-1", "triggerer", "dag-processor", "redis"]
)
def test_a_node_dies_while_work_is_under_way(place: Topology, node: str) -> None:
    ids = wave(place, node)
    place.wait("the first task", lambda: begun(place, ids), 90)
    place.nodes[node].kill()
    assert not place.nodes[node].alive
    time.sleep(2)
    place.restart(node)
    for run_id in ids:
        assert place.ended("topology_wave", run_id, 240) == "success", run_id


def test_no_try_did_its_work_twice(place: Topology) -> None:
    """A lost try may be tried again, under a number of its own; none is carried out twice."""
    marks = [path for path in (place.folder / "marks").iterdir() if path.is_file()]
    assert len(marks) >= 8 * 2 * 3 - 3
    twice = [path.name for path in marks if len(path.read_text().splitlines()) != 1]
    assert twice == []


def test_every_try_of_airflow_is_known_exactly_once(place: Topology) -> None:
    query = """
        SELECT id::text FROM (
            SELECT id, state FROM task_instance UNION ALL
            SELECT task_instance_id AS id, state FROM task_instance_history
        ) tries WHERE state IN ('success', 'failed', 'skipped', 'upstream_failed')
    """
    there = {row[0] for row in place.rows(query)}

    def known() -> bool:
        ours = "SELECT execution_id FROM wfintel_workflow_executions WHERE kind = 'try' AND ended_at IS NOT NULL"
        return there <= {row[0] for row in place.rows(ours)}

    place.wait("the collector to catch up", known, 150)
    runs = {(row[0], row[1]) for row in place.rows("SELECT dag_id, run_id FROM dag_run")}
    ours = [
        (row[0], row[1])
        for row in place.rows("SELECT dag_id, run_id FROM wfintel_workflow_executions WHERE kind = 'run'")
    ]
    assert len(ours) == len(set(ours))
    assert runs <= set(ours)


def test_nothing_was_acted_on_or_told_twice(place: Topology) -> None:
    acted = place.rows(
        "SELECT try_id, count(*) FROM wfintel_remedy_attempts WHERE applied_at IS NOT NULL GROUP BY try_id"
    )
    assert [row[1] for row in acted] == [1]
    place.wait("the alert of the failed run", lambda: place.receiver.keys, 60)
    assert len(place.receiver.keys) == len(set(place.receiver.keys))


def test_the_doctor_is_content(place: Topology) -> None:
    found: list[tuple[int, str]] = []

    def content() -> bool:
        found.append(place.doctor())
        return found[-1][0] == 0

    try:
        place.wait("a doctor who is content", content, 90)
    except AssertionError as error:
        raise AssertionError(found[-1][1]) from error


def test_killed_nodes_left_no_process(place: Topology) -> None:
    import psutil

    def orphans() -> list[str]:
        left = []
        own = {node.process.pid for node in place.nodes.values() if node.process is not None}
        for process in psutil.process_iter():
            try:
                if process.environ().get("TOPOLOGY") != str(place.folder) or process.pid in own:
                    continue
                if process.status() != psutil.STATUS_ZOMBIE and not own & {item.pid for item in process.parents()}:
                    left.append(" ".join(process.cmdline())[:200])
            except psutil.Error:
                continue
        return left

    place.wait("no process without a node", lambda: not orphans(), 30)


def test_home_is_in_order(place: Topology) -> None:
    assert {path.name for path in (place.folder / "nodes").glob("*.log")} >= {f"{name}.log" for name in place.nodes}
    assert not list(Path(place.folder).glob("*.partial"))
