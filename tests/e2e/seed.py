"""Give a deployment a history: rows in Airflow's own tables, as runs of the last months would have left them.

    python -m tests.e2e.seed [--tries 20000]

Works on the Airflow of the environment (`AIRFLOW_HOME`, `AIRFLOW__DATABASE__SQL_ALCHEMY_CONN`, …), whose database must
be migrated and whose DAGs folder must hold the files of `seeded_dags.write_dags`. First the files are read and stored
as `airflow dags reserialize` does. Then runs, tries and earlier tries are written, newest just before now; durations,
waits and failures follow each DAG's story by a fixed random number. Nothing of ours is written: the collector has to
find it all.

Not for a deployment that anybody uses.
"""

from __future__ import annotations

import argparse
import random
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from tests.e2e.seeded_dags import HISTORY, SeededDag, SeededTask

__all__ = ["Rows", "rows_of"]

SEED = 20261130
RETRY_PAUSE = timedelta(minutes=5)


@dataclass(slots=True)
class Rows:
    """Rows for `dag_run`, `task_instance` and `task_instance_history`."""

    runs: list[dict[str, Any]] = field(default_factory=list)
    tries: list[dict[str, Any]] = field(default_factory=list)
    past: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Moment:
    """One run of one DAG: how far back it lies (0: the newest) of how many."""

    dag: SeededDag
    back: int
    runs: int

    def factor(self, dice: random.Random) -> float:
        """How much slower than usual a try of this run is."""
        usual = dice.lognormvariate(0.0, 0.12)
        age = self.back / self.runs
        if self.dag.story == "drifts":
            return usual * (1.0 + 0.9 * (1.0 - age))
        if self.dag.story == "shifts" and age < 0.2:
            return usual * 1.8
        if self.dag.story == "spikes" and self.back % 23 == 4:
            return usual * 4.0
        return usual

    def failing_tries(self, dice: random.Random, last: bool) -> int:
        """How many tries of a task fail; 3 is all of them."""
        if self.dag.story == "breaks" and self.back < 3 and last:
            return 3
        if self.dag.story == "flaky" and dice.random() < 0.15:
            return dice.choice((1, 1, 2))
        return 3 if dice.random() < 0.002 else int(dice.random() < 0.01)


def rows_of(now: datetime, tries: int, versions: dict[str, Any]) -> Rows:
    """The history up to `now` with at least `tries` tries, by turns of all DAGs, so that all have equally many runs."""
    dice, rows = random.Random(SEED), Rows()  # noqa: S311 - the same history every time
    needed = -(-tries // sum(len(dag.tasks) for dag in HISTORY))
    # Oldest first, as Airflow would have numbered them.
    moments = sorted(
        (now - timedelta(hours=dag.hours * back + 1, minutes=7 * at), at, back)
        for at, dag in enumerate(HISTORY)
        for back in range(needed)
    )
    for begin, at, back in moments:
        dag = HISTORY[at]
        _add_run(rows, _Moment(dag, back, needed), begin, dice, versions.get(dag.dag_id))
    return rows


def _add_run(rows: Rows, moment: _Moment, begin: datetime, dice: random.Random, version: Any) -> None:
    dag = moment.dag
    run_id = f"scheduled__{begin.isoformat()}"
    late = timedelta(minutes=dice.uniform(10, 50)) if dag.story == "late" and moment.back % 4 == 0 else timedelta()
    start = begin + late + timedelta(seconds=dice.uniform(0.5, 4))
    ends: dict[str, datetime] = {}
    states: dict[str, str] = {}
    for item in dag.tasks:
        ready = max((ends[other] for other in item.after), default=start)
        if all(states[other] == "success" for other in item.after):
            states[item.task_id], ends[item.task_id] = _add_tries(rows, moment, run_id, item, ready, dice, version)
        else:
            states[item.task_id], ends[item.task_id] = "upstream_failed", ready
            rows.tries.append(_try(dag, run_id, item, 0, "upstream_failed", ready, ready, ready, version, dice))
    end = max(ends.values())
    rows.runs.append(
        {
            "dag_id": dag.dag_id, "run_id": run_id, "run_type": "scheduled", "logical_date": begin, "run_after": begin,
            "data_interval_start": begin, "data_interval_end": begin, "queued_at": begin + late, "start_date": start,
            "end_date": end, "updated_at": end, "state": "success" if set(states.values()) == {"success"} else "failed",
            "created_dag_version_id": version, "triggered_by": "TIMETABLE", "conf": {},
        }
    )  # fmt: skip


def _add_tries(
    rows: Rows, moment: _Moment, run_id: str, item: SeededTask, ready: datetime, dice: random.Random, version: Any
) -> tuple[str, datetime]:
    """The tries of one task; returns the last one's state and end."""
    fail = moment.failing_tries(dice, item is moment.dag.tasks[-1])
    scheduled = ready
    for number in (1, 2, 3):
        begin = scheduled + timedelta(seconds=dice.uniform(0.3, 3.0))
        failed = number <= fail
        took = item.seconds * moment.factor(dice) * (dice.uniform(0.1, 0.9) if failed else 1.0)
        end = begin + timedelta(seconds=took)
        state = "failed" if failed else "success"
        row = _try(moment.dag, run_id, item, number, state, scheduled, begin, end, version, dice)
        if not failed or number == 3:
            rows.tries.append(row)
            return state, end
        rows.past.append({**{key: value for key, value in row.items() if key != "id"}, "task_instance_id": row["id"]})
        scheduled = end + RETRY_PAUSE
    raise AssertionError("three tries at most")


def _try(
    dag: SeededDag, run_id: str, item: SeededTask, number: int, state: str, scheduled: datetime, begin: datetime,
    end: datetime, version: Any, dice: random.Random,
) -> dict[str, Any]:  # fmt: skip
    ran = number > 0
    return {
        "id": _key(scheduled, dice), "dag_id": dag.dag_id, "run_id": run_id, "task_id": item.task_id, "map_index": -1,
        "try_number": number, "max_tries": 2, "state": state, "operator": "_PythonDecoratedOperator",
        "custom_operator_name": "@task", "task_display_name": item.task_id,
        "scheduled_dttm": scheduled if ran else None,
        "queued_dttm": scheduled + timedelta(seconds=0.1) if ran else None, "start_date": begin, "end_date": end,
        "duration": (end - begin).total_seconds(), "pool": "default_pool", "pool_slots": 1, "queue": "default",
        "priority_weight": 1, "hostname": "worker-1" if ran else "", "unixname": "airflow", "updated_at": end,
        "dag_version_id": version,
    }  # fmt: skip


def _key(at: datetime, dice: random.Random) -> uuid.UUID:
    """A UUID of version 7: Airflow's keys of tries grow with time."""
    milliseconds = int(at.timestamp() * 1000)
    return uuid.UUID(
        int=(milliseconds << 80) | (7 << 76) | (dice.getrandbits(12) << 64) | (2 << 62) | dice.getrandbits(62)
    )


def _store_dags(session: Any) -> None:
    """What `airflow dags reserialize` does, in this process, which has paid for the imports already."""
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import BundleDagBag, sync_bag_to_db

    manager = DagBundlesManager()
    manager.sync_bundles_to_db(session=session)
    session.commit()
    for bundle in manager.get_all_dag_bundles():
        bundle.initialize()
        bag = BundleDagBag(bundle.path, bundle_path=bundle.path, bundle_name=bundle.name)
        if bag.import_errors:
            raise SystemExit(f"DAG files cannot be imported: {bag.import_errors}")
        version = bundle.get_current_version()
        assert version is None or isinstance(version, str)
        sync_bag_to_db(bag, bundle.name, bundle_version=version, session=session)
        session.commit()


def _write(session: Any, rows: Iterator[tuple[Any, list[dict[str, Any]]]]) -> None:
    from sqlalchemy import insert

    for table, items in rows:
        for start in range(0, len(items), 1000):
            session.execute(insert(table), items[start : start + 1000])
    session.commit()


def main() -> int:
    """Store the DAGs, write the rows, and tell how many."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tries", type=int, default=20_000, help="how many tries at least")
    wanted = parser.parse_args().tries

    from airflow.models.dag_version import DagVersion
    from airflow.models.dagrun import DagRun
    from airflow.models.taskinstance import TaskInstance
    from airflow.models.taskinstancehistory import TaskInstanceHistory
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session(scoped=False) as session:
        _store_dags(session)
        versions = {row.dag_id: row.id for row in session.execute(select(DagVersion.dag_id, DagVersion.id))}
        rows = rows_of(datetime.now(timezone.utc), wanted, versions)
        tables = (DagRun.__table__, TaskInstance.__table__, TaskInstanceHistory.__table__)
        _write(session, iter(zip(tables, (rows.runs, rows.tries, rows.past), strict=True)))
    total = len(rows.tries) + len(rows.past)
    sys.stdout.write(f"{len(HISTORY)} DAGs, {len(rows.runs)} runs, {total} tries\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
