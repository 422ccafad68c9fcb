"""The line that our listener left in the log of a try, read with Airflow's own log reader."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["MOST_LINES", "measured_in_log"]

_MARK = "wfintel.try "
MOST_LINES = 200_000
"""So much of a log is looked through."""
_MOST_LENGTH = 10_000


def measured_in_log(session: Session, try_id: str) -> dict[str, Any] | None:
    """What the listener measured of a try; None if its log does not say (yet), or there is none.

    Where the log lies (a file, a worker, an object store) is known to Airflow's handler; this may take long, and
    whatever the handler raises comes through.
    """
    from airflow.models.taskinstance import TaskInstance
    from airflow.models.taskinstancehistory import TaskInstanceHistory
    from airflow.utils.log.log_reader import TaskLogReader
    from sqlalchemy.orm import joinedload

    key = UUID(try_id)
    item: Any = session.scalar(
        select(TaskInstance).where(TaskInstance.id == key).options(joinedload(TaskInstance.dag_run))
    )
    if item is None:
        item = session.scalar(
            select(TaskInstanceHistory)
            .where(TaskInstanceHistory.task_instance_id == key)
            .options(joinedload(TaskInstanceHistory.dag_run))
        )
    reader = TaskLogReader()
    if item is None or not item.try_number or not reader.supports_read:
        return None
    start: Any = {}
    stream, _ = reader.read_log_chunks(item, item.try_number, start)
    found = None
    for line in islice(stream, MOST_LINES):
        text = getattr(line, "event", line)
        if isinstance(text, str) and text.startswith(_MARK) and len(text) <= _MOST_LENGTH:
            found = _values(text.removeprefix(_MARK), try_id) or found
    return found


def _values(text: str, try_id: str) -> dict[str, Any] | None:
    """The object of a line, if it is one of this try: a task may print what it likes."""
    try:
        data = json.loads(text)
    except ValueError:
        return None
    return data if isinstance(data, dict) and data.get("try_id") == try_id else None
