"""How many rows tasks reported: in an XCom named `rows` or `row_count`, or in the extra of an asset event.

Only Airflow's own tables are read. They are no public interface: `COLUMNS` lists what is read here.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, tuple_

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["COLUMNS", "NAMES", "AssetRows", "RunKey", "asset_rows_after", "xcom_rows"]

COLUMNS: dict[str, tuple[str, ...]] = {
    "xcom": ("dag_run_id", "task_id", "map_index", "key", "value"),
    "asset_event": ("id", "extra", "source_dag_id", "source_run_id", "source_task_id", "source_map_index"),
}
"""What is read, by table."""

NAMES = ("rows", "row_count")
"""Under these names rows are reported; of both the first counts."""

RunKey = tuple[str, str]
"""DAG id and run id."""

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class AssetRows:
    """What an asset event reports: the run, the task (`load`, `load[3]`) and the rows; no rows: it reports none."""

    event: int
    run: RunKey
    task: str
    rows: float | None


def xcom_rows(session: Session, runs: Collection[RunKey]) -> Mapping[RunKey, Mapping[str, float]]:
    """The rows that tasks of these runs reported in XComs, by task (`load`, `load[3]`)."""
    from airflow.models.dagrun import DagRun
    from airflow.models.xcom import XComModel

    keys, found = sorted(set(runs)), dict[RunKey, dict[str, float]]()
    for start in range(0, len(keys), _AT_ONCE):
        some = tuple_(DagRun.dag_id, DagRun.run_id).in_(keys[start : start + _AT_ONCE])
        query = (
            select(DagRun.dag_id, DagRun.run_id, XComModel.task_id, XComModel.map_index, XComModel.value)
            # By the first part of its key: the names alone would be looked for in the whole table.
            .join(DagRun, DagRun.id == XComModel.dag_run_id)
            .where(some, XComModel.key.in_(NAMES))
            # The first of the names comes last and so stands in the end.
            .order_by(XComModel.key)
        )
        for row in session.execute(query):
            number = _number(row.value)
            if number is not None:
                found.setdefault((row.dag_id, row.run_id), {})[_task(row.task_id, row.map_index)] = number
    return found


def asset_rows_after(session: Session, event: int, *, limit: int) -> list[AssetRows]:
    """What asset events report that came after an event, in their order; those of no task report nothing."""
    from airflow.models.asset import AssetEvent

    table = AssetEvent
    query = (
        select(
            table.id, table.extra, table.source_dag_id, table.source_run_id, table.source_task_id,
            table.source_map_index,
        )
        .where(table.id > event)
        .order_by(table.id)
        .limit(limit)
    )  # fmt: skip
    found = []
    for row in session.execute(query):
        extra: Mapping[str, Any] = row.extra if isinstance(row.extra, dict) else {}
        numbers = [number for name in NAMES if (number := _number(extra.get(name))) is not None]
        rows = numbers[0] if numbers and row.source_run_id else None
        run = (row.source_dag_id or "", row.source_run_id or "")
        found.append(AssetRows(row.id, run, _task(row.source_task_id or "", row.source_map_index), rows))
    return found


def _task(task_id: str, map_index: int | None) -> str:
    return task_id if map_index is None or map_index < 0 else f"{task_id}[{map_index}]"


def _number(value: Any) -> float | None:
    """A count of rows; None for what is none. A text is one if it is nothing but a number."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        return None
    return float(value)
