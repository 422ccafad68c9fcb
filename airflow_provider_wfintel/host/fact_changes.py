"""Connections, variables and pools that were changed, from the audit rows of Airflow's event log."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from airflow_provider_wfintel.engine.model import SettingChange
from airflow_provider_wfintel.host.fact_events import CHANGES, change_name
from airflow_provider_wfintel.host.moments import text_of

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.host.context import Visible

__all__ = ["ChangeReader", "connection_changes"]

_LONGEST = timedelta(days=7)
_MOST = 20


def connection_changes(session: Session, names: Collection[str], *, since: datetime) -> list[tuple[str, datetime]]:
    """When some connections were changed since then, oldest first; what an audit row does not name is left out."""
    from airflow.models.log import Log

    events = [event for event, kind in CHANGES.items() if kind == "connection"]
    query = select(Log.dttm, Log.extra).where(Log.event.in_(events), Log.dttm >= since).order_by(Log.id)
    rows = session.execute(query).all() if names else ()
    found = ((change_name("connection", row.extra), row.dttm) for row in rows)
    return [(name, at) for name, at in found if name in names]


class ChangeReader:
    """Reads `log`."""

    def __init__(self, session: Session, visible: Visible) -> None:
        from airflow.models.log import Log

        self._session = session
        self._visible = visible
        self._log: Table = Log.__table__

    def changes(self, since: datetime | None, until: datetime) -> tuple[SettingChange, ...]:
        """What was changed since the last success, at most a week back, oldest first.

        Names are those of the audit row; a row that names none, such as one of a bulk request, is told to those only
        who may see everything.
        """
        table = self._log
        first = max(since or until - _LONGEST, until - _LONGEST)
        query = (
            select(table.c.event, table.c.dttm, table.c.owner, table.c.extra)
            .where(table.c.event.in_(CHANGES), table.c.dttm.between(first, until))
            .order_by(table.c.id.desc())
            .limit(_MOST)
        )
        rows = reversed(list(self._session.execute(query)))
        found = (
            SettingChange(kind, change_name(kind, row.extra), row.event, text_of(row.dttm), row.owner or "")
            for row in rows
            for kind in (CHANGES[row.event],)
        )
        return tuple(change for change in found if self._may_see(change))

    def _may_see(self, change: SettingChange) -> bool:
        allowed = {
            "connection": self._visible.connections,
            "pool": self._visible.pools,
            "variable": self._visible.variables,
        }[change.kind]
        return allowed is None or change.name in allowed
