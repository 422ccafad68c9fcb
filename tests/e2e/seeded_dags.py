"""The DAGs of the deployment that the browser tests look at, as data and as DAG files.

32 DAGs have a history (see `seed`): four shapes of work in eight departments, each with a story. They are paused, so
that nothing is added to what was told. Four more are live: their runs are started by the tests and really run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["BROKEN", "HISTORY", "LIVE", "LONG_LOG", "RUNNING", "SUCCEEDING", "SeededDag", "SeededTask", "write_dags"]

DEPARTMENTS = ("billing", "catalogue", "customers", "finance", "inventory", "marketing", "orders", "shipping")
REGIONS = ("north", "east", "south", "west")
STORIES = ("steady", "drifts", "spikes", "flaky", "breaks", "shifts", "steady", "late")


@dataclass(frozen=True, slots=True)
class SeededTask:
    """One task: its name, the tasks before it, and what it usually takes, in seconds."""

    task_id: str
    after: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class SeededDag:
    """One DAG with a history.

    Attributes:
        dag_id: its name.
        hours: time between two runs.
        tasks: its tasks, each after those that it waits for.
        story: how its runs went: `steady`, `drifts` (slower by the day), `spikes` (some runs are slow), `flaky` (tries
            fail and are retried), `breaks` (the newest runs fail), `shifts` (slower from one day on), `late` (runs
            start late).
    """

    dag_id: str
    hours: int
    tasks: tuple[SeededTask, ...]
    story: str


_SHAPES: dict[str, tuple[int, tuple[SeededTask, ...]]] = {
    "load": (
        24,
        (
            SeededTask("extract", (), 120),
            SeededTask("check", ("extract",), 20),
            SeededTask("load", ("check",), 300),
            SeededTask("report", ("load",), 15),
        ),
    ),
    "regions": (
        24,
        (
            SeededTask("list_files", (), 5),
            *(SeededTask(f"load_{region}", ("list_files",), 90 + 40 * at) for at, region in enumerate(REGIONS)),
            SeededTask("merge", tuple(f"load_{region}" for region in REGIONS), 60),
        ),
    ),
    "hourly": (
        1,
        (SeededTask("poll", (), 12), SeededTask("store", ("poll",), 25), SeededTask("notify", ("store",), 4)),
    ),
    "marts": (
        12,
        (
            SeededTask("wait_for_load", (), 40),
            SeededTask("stage", ("wait_for_load",), 150),
            SeededTask("facts", ("stage",), 240),
            SeededTask("dimensions", ("stage",), 180),
            SeededTask("tests", ("facts", "dimensions"), 45),
            SeededTask("publish", ("tests",), 10),
        ),
    ),
}  # fmt: skip

HISTORY: tuple[SeededDag, ...] = tuple(
    SeededDag(f"{department}_{shape}", hours, tasks, STORIES[(at + 3 * turn) % len(STORIES)])
    for turn, (shape, (hours, tasks)) in enumerate(_SHAPES.items())
    for at, department in enumerate(DEPARTMENTS)
)

BROKEN, RUNNING, SUCCEEDING, LONG_LOG = "live_broken_rates", "live_running_export", "live_good_rates", "live_long_log"

# What the live DAGs do. Nothing listens at port 9 of loopback, so that the first one fails as a source that is down.
LIVE: dict[str, str] = {
    BROKEN: '''
    @task
    def fetch_rates():
        import urllib.request

        print("asking the rates service")
        return urllib.request.urlopen("http://127.0.0.1:9/rates", timeout=5).read().decode()

    @task
    def store_rates(text):
        print(text)

    store_rates(fetch_rates())
''',
    RUNNING: '''
    @task
    def export_rows():
        import time

        print("exporting")
        for _ in range(3600):
            time.sleep(1)

    export_rows()
''',
    SUCCEEDING: '''
    @task
    def fetch_rates():
        return {"EUR": 1.0}

    fetch_rates()
''',
    LONG_LOG: '''
    @task
    def copy_rows():
        import sys

        for number in range(LINES):
            check = number * 2654435761 % 2**32
            sys.stdout.write(f"row {number:06d} copied, checksum {check:08x}, target table warehouse.orders_2026\\n")
        raise PermissionError("permission denied for table orders_2026")

    copy_rows()
'''.replace("LINES", "60_000"),
}  # fmt: skip

_HEAD = '''"""{doc}"""

import pendulum
from airflow.sdk import DAG, task

with DAG(
    "{dag_id}",
    schedule={schedule},
    start_date=pendulum.datetime(2026, 1, 1),
    catchup=False,
    tags={tags},
    is_paused_upon_creation={paused},
):
'''


def write_dags(folder: Path, *, long_log: bool = False) -> None:
    """Write one DAG file for each DAG into the folder; the one with the 5 MB log only if it is asked for."""
    for dag in HISTORY:
        (folder / f"{dag.dag_id}.py").write_text("".join(_source(dag)), encoding="utf-8")
    for dag_id, body in LIVE.items():
        if dag_id == LONG_LOG and not long_log:
            continue
        head = _HEAD.format(doc="Really runs.", dag_id=dag_id, schedule=None, tags=["live"], paused=False)
        (folder / f"{dag_id}.py").write_text(head + body, encoding="utf-8")


def _source(dag: SeededDag) -> Iterator[str]:
    department = dag.dag_id.split("_")[0]
    schedule = {1: "@hourly", 12: "0 */12 * * *", 24: "@daily"}[dag.hours]
    yield _HEAD.format(
        doc=f"Has a history: {dag.story}.", dag_id=dag.dag_id, schedule=repr(schedule), tags=[department], paused=True
    )
    for item in dag.tasks:
        yield f"\n    @task(retries=2)\n    def {item.task_id}():\n        return None\n"
    for item in dag.tasks:
        yield f"\n    {item.task_id}_ = {item.task_id}()"
    for item in dag.tasks:
        for other in item.after:
            yield f"\n    {other}_ >> {item.task_id}_"
    yield "\n"
