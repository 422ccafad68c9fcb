"""Connections, variables and pools that were changed, from the audit rows of Airflow's event log."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from airflow_provider_wfintel.engine.model import SettingChange
from airflow_provider_wfintel.host.moments import text_of

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.host.context import Visible

__all__ = ["CHANGES", "ChangeReader"]

CHANGES = {
    **dict.fromkeys(("post_connection", "patch_connection", "delete_connection", "bulk_connections"), "connection"),
    **dict.fromkeys(("cli_connections_add", "cli_connections_delete", "cli_connections_import"), "connection"),
    **dict.fromkeys(("post_variable", "patch_variable", "delete_variable", "bulk_variables"), "variable"),
    **dict.fromkeys(("cli_variables_set", "cli_variables_delete", "cli_variables_import"), "variable"),
    **dict.fromkeys(("post_pool", "patch_pool", "delete_pool", "bulk_pools"), "pool"),
    **dict.fromkeys(("cli_pool_set", "cli_pool_delete", "cli_pool_import"), "pool"),
}
"""Kind of setting by name of the event."""

_NAMES = {
    "connection": ("connection_id", "conn_id"),
    "variable": ("variable_key", "key"),
    "pool": ("pool_name", "pool", "name"),
}
_LONGEST = timedelta(days=7)
_MOST = 20


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
            SettingChange(kind, _name(kind, row.extra), row.event, text_of(row.dttm), row.owner or "")
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


def _name(kind: str, extra: str | None) -> str:
    try:
        data: Any = json.loads(extra or "{}")
    except ValueError:
        return ""
    if not isinstance(data, dict):
        return ""
    return next((str(data[key]) for key in _NAMES[kind] if data.get(key)), "")
