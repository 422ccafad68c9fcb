"""Facts about the DAG of a try: limits and neighbours of the task, whether the file loads, what changed in it."""

from __future__ import annotations

import difflib
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from airflow_provider_wfintel.engine.model import SourceChange
from airflow_provider_wfintel.host.moments import text_of, utc

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.host.context import Visible

__all__ = ["DagReader"]

_MOST_LINES = 60
_CONTEXT_LINES = 2
_ERROR_LETTERS = 400


class DagReader:
    """Reads `dag`, `dag_version`, `dag_code`, `serialized_dag` and `import_error`."""

    def __init__(self, session: Session, visible: Visible) -> None:
        from airflow.models.dag import DagModel
        from airflow.models.dag_version import DagVersion
        from airflow.models.dagcode import DagCode
        from airflow.models.errors import ParseImportError

        self._session = session
        self._visible = visible
        self._dag: Table = DagModel.__table__
        self._version: Table = DagVersion.__table__
        self._code: Table = DagCode.__table__
        self._errors: Table = ParseImportError.__table__
        self._tasks: dict[Any, dict[str, dict[str, Any]]] = {}

    def task(self, version: Any, task_id: str) -> dict[str, Any]:
        """What the task's definition says: its limits, and its connection if it names one."""
        task = self._definitions(version).get(task_id, {})
        handed_on = _plain(task.get("partial_kwargs"))
        if isinstance(handed_on, dict):  # of a mapped task
            task = {**handed_on, **task}
        limit = _plain(task.get("execution_timeout"))
        copies = task.get("max_active_tis_per_dagrun")
        named = {
            str(value) for name, value in task.items() if name.endswith("conn_id") and isinstance(value, str) and value
        }
        return {
            "execution_timeout": float(limit) if isinstance(limit, int | float) else None,
            "conn_id": named.pop() if len(named) == 1 else "",
            "max_active_tis_per_dagrun": copies if isinstance(copies, int) else None,
        }

    def upstream_of(self, version: Any, task_id: str) -> frozenset[str]:
        """The tasks that the task directly waits for."""
        return frozenset(
            name
            for name, task in self._definitions(version).items()
            if task_id in (_plain(task.get("downstream_task_ids")) or ())
        )

    def state(self, dag_id: str) -> dict[str, Any]:
        """Whether the DAG is paused or gone, and why its file cannot be imported."""
        dag, errors = self._dag, self._errors
        query = select(dag.c.is_paused, dag.c.is_stale, dag.c.bundle_name, dag.c.relative_fileloc)
        row = self._session.execute(query.where(dag.c.dag_id == dag_id)).first()
        if row is None:
            return {}
        trace = self._session.scalar(
            select(errors.c.stacktrace).where(
                errors.c.bundle_name == row.bundle_name, errors.c.filename == row.relative_fileloc
            )
        )
        lines = [line.strip() for line in (trace or "").splitlines() if line.strip()]
        return {
            "dag_paused": bool(row.is_paused),
            "dag_stale": bool(row.is_stale),
            "import_error": lines[-1][:_ERROR_LETTERS] if lines else "",
        }

    def source_change(self, success: Any, row: Any, since: datetime | None) -> SourceChange | None:
        """What changed between the version of the last success and that of the try; None if nothing did.

        Airflow keeps one version while no run has used it, and then updates its source in place: such a change is seen
        from the time of the source alone, without a difference to show.
        """
        before, after = success.dag_version_id, row.dag_version_id
        if after is None or before is None:
            return None
        new = self._source(after)
        if before == after:
            changed = utc(new.last_updated) if new else None
            end = utc(row.end_date)
            if changed is None or since is None or changed <= since or (end is not None and changed > end):
                return None
            return SourceChange(changed_at=text_of(changed))
        old = self._source(before)
        same = old is not None and new is not None and old.source_code == new.source_code
        numbers = self._numbers(before, after)
        if same and len(set(numbers)) == 1:
            return None
        may_read = self._visible.sources is None or row.dag_id in self._visible.sources
        return SourceChange(
            *numbers,
            changed_at=text_of(new.last_updated) if new else "",
            diff=_diff(old.source_code, new.source_code) if may_read and old and new else "",
        )

    def _numbers(self, before: Any, after: Any) -> tuple[int, int]:
        version = self._version
        query = select(version.c.id, version.c.version_number).where(version.c.id.in_([before, after]))
        known = {row.id: int(row.version_number) for row in self._session.execute(query)}
        return known.get(before, 0), known.get(after, 0)

    def _source(self, version: Any) -> Any:
        code = self._code
        query = select(code.c.source_code, code.c.last_updated).where(code.c.dag_version_id == version)
        return self._session.execute(query.limit(1)).first()

    def _definitions(self, version: Any) -> dict[str, dict[str, Any]]:
        """The tasks of a serialized version by id, as stored; nothing of it is turned into objects."""
        from airflow.models.serialized_dag import SerializedDagModel

        if version is None:
            return {}
        if version not in self._tasks:
            query = select(SerializedDagModel).where(SerializedDagModel.dag_version_id == version)
            model = self._session.scalars(query.limit(1)).first()
            data = model.data if model is not None else None
            dag = data.get("dag", {}) if isinstance(data, dict) else {}
            tasks = [_plain(task) for task in dag.get("tasks", ())]
            self._tasks[version] = {
                task["task_id"]: task for task in tasks if isinstance(task, dict) and "task_id" in task
            }
        return self._tasks[version]


def _plain(value: Any) -> Any:
    """The content of a value that the serializer wrapped with its type."""
    return value["__var"] if isinstance(value, dict) and "__var" in value else value


def _diff(old: str, new: str) -> str:
    lines = list(
        difflib.unified_diff(
            old.splitlines(), new.splitlines(), "last success", "this try", lineterm="", n=_CONTEXT_LINES
        )
    )
    more = [f"... {len(lines) - _MOST_LINES} more lines"] if len(lines) > _MOST_LINES else []
    return "\n".join([*lines[:_MOST_LINES], *more])
