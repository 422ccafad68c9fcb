"""Rules of alerts that were made over REST."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from airflow_provider_wfintel.store.base import new_id
from airflow_provider_wfintel.store.health import store_errors
from airflow_provider_wfintel.store.tables import AlertRule
from airflow_provider_wfintel.store.upsert import upsert

__all__ = ["AlertRules", "StoredRule"]


@dataclass(frozen=True, slots=True)
class StoredRule:
    """A rule as `alerts.schema.json` wants it, and the receivers that hear of it (none: the routes decide)."""

    rule: Mapping[str, Any]
    receivers: tuple[str, ...] = ()
    created_by: str = ""
    updated_at: datetime | None = None


class AlertRules:
    """Rules by their id. The caller commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self) -> tuple[StoredRule, ...]:
        """All rules, by id.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        with store_errors():
            rows = self._session.scalars(
                select(AlertRule).order_by(AlertRule.name).execution_options(populate_existing=True)
            ).all()
        return tuple(_stored(row) for row in rows)

    def keep(self, stored: StoredRule, *, now: datetime) -> None:
        """Store a rule, or put it in the place of the one with the same id.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        rule = dict(stored.rule)
        row = {
            "rule_id": new_id(),
            "name": rule.pop("id"),
            "enabled": rule.pop("enabled", True),
            "severity": rule.pop("severity", ""),
            "scope": rule.pop("match", {}),
            "condition": rule,
            "channels": list(stored.receivers),
            "created_by": stored.created_by,
            "created_at": now,
            "updated_at": now,
        }
        changing = ("enabled", "severity", "scope", "condition", "channels", "created_by", "updated_at")
        with store_errors():
            upsert(
                self._session,
                AlertRule,
                row,
                key=("name",),
                change=lambda _stored, offered: {name: offered[name] for name in changing},
            )

    def drop(self, name: str) -> bool:
        """Delete a rule; False if there is none of that id.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        with store_errors():
            done = self._session.execute(delete(AlertRule).where(AlertRule.name == name))
        return bool(done.rowcount)  # type: ignore[attr-defined]


def _stored(row: AlertRule) -> StoredRule:
    rule: dict[str, Any] = {"id": row.name, **row.condition}
    if not row.enabled:
        rule["enabled"] = False
    if row.severity:
        rule["severity"] = row.severity
    if row.scope:
        rule["match"] = row.scope
    return StoredRule(rule, tuple(row.channels), row.created_by, row.updated_at)
