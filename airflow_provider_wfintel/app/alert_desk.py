"""Use case: what people see of alerts, and what they do about them."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.app.alerting.say import (
    PUSHED_KINDS,
    Accepted,
    acknowledge,
    end_silence,
    push,
    resolve,
    silence,
)
from airflow_provider_wfintel.app.alerting.settings import compose, read_file
from airflow_provider_wfintel.engine.monitoring.service import AlertState, Seen, Silence, alerts_schema
from airflow_provider_wfintel.exceptions import AlertSettingsError, TargetExistsError
from airflow_provider_wfintel.store.repositories.alert_rules import StoredRule
from airflow_provider_wfintel.store.repositories.alerts import AlertFilter, Alerts, Delivery, StoredAlert

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.store.paging import Place

__all__ = [
    "PUSHED_KINDS",
    "Accepted",
    "AlertFilter",
    "Delivery",
    "Seen",
    "Silence",
    "StoredAlert",
    "StoredRule",
    "acknowledge",
    "alert_deliveries",
    "dag_of_silence",
    "dags_of",
    "drop_rule",
    "end_silence",
    "find_alerts",
    "keep_rule",
    "one_alert",
    "push",
    "resolve",
    "rule_schema",
    "rules",
    "silence",
    "silences",
]


def find_alerts(
    session: Session, wanted: AlertFilter, *, limit: int, offset: int = 0, after: Place | None = None
) -> tuple[tuple[StoredAlert, ...], int]:
    """A page of alerts, the newest first, and how many there are.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    return Alerts(session).find(wanted, limit=limit, offset=offset, after=after)


def one_alert(session: Session, alert_id: str) -> StoredAlert | None:
    """The alert with this id.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    return Alerts(session).one(alert_id)


def alert_deliveries(session: Session, alert: StoredAlert) -> tuple[Delivery, ...]:
    """The messages about the incidents of an alert, oldest first.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    return Alerts(session).deliveries(_incidents(alert))


def dags_of(session: Session, alert: StoredAlert) -> frozenset[str]:
    """All DAGs that the incidents of an alert are about: who acts on one acts on all of them.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    mine = frozenset((alert.dag_id,)) if alert.dag_id else frozenset[str]()
    return mine | Alerts(session).dags_of_incidents(_incidents(alert))


def silences(session: Session) -> tuple[Silence, ...]:
    """The silences that hold, as of the machine's last step.

    Raises:
        UserInputError: the state of the alerts is damaged.
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.alert_memory import AlertMemories

    memory = AlertMemories(session).load()
    return () if memory is None else AlertState.from_json(dict(memory.state)).silences


def dag_of_silence(item: Silence) -> str:
    """The DAG of a silence; empty if it is about none or several."""
    if len(item.match.dag) != 1:
        return ""
    name = item.match.dag[0]
    for special in "[*?":
        name = name.replace(glob.escape(special), special)
    return name


def rules(session: Session) -> tuple[StoredRule, ...]:
    """The stored rules, by id.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.alert_rules import AlertRules

    return AlertRules(session).all()


def keep_rule(session: Session, rule: StoredRule, *, now: datetime, new: bool) -> StoredRule:
    """Store a rule if it can be followed together with the settings file and the other rules.

    Args:
        session: a session on the metadata database; the caller commits.
        rule: the rule, as `alerts.schema.json` wants it.
        now: the present.
        new: whether there must be none of that id yet.

    Raises:
        AlertSettingsError: it cannot be followed; the message names what is wrong.
        TargetExistsError: there is one of that id and it was to be a new one.
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.config import read_settings
    from airflow_provider_wfintel.store.repositories.alert_rules import AlertRules

    name = rule.rule.get("id")
    if not isinstance(name, str):
        raise AlertSettingsError("the rule has no id", hint="give 'id', a name of small letters, digits, _ and -")
    stored = AlertRules(session)
    known = stored.all()
    others = [item for item in known if item.rule["id"] != name]
    if new and len(others) < len(known):
        raise TargetExistsError(f"there is a rule {name!r}", hint="PUT it to change it")
    compose(read_file(read_settings().alerts_file), [*others, rule])
    stored.keep(rule, now=now)
    return next(item for item in stored.all() if item.rule["id"] == name)


def drop_rule(session: Session, name: str) -> bool:
    """Delete a stored rule; False if there is none of that id.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.alert_rules import AlertRules

    return AlertRules(session).drop(name)


def rule_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one rule."""
    whole = alerts_schema()
    parts = whole["$defs"]
    return {"$schema": whole["$schema"], "title": "A rule of alerts", **parts["rule"], "$defs": parts}


def _incidents(alert: StoredAlert) -> Sequence[str]:
    return sorted({alert.incident, *(item["incident"] for item in alert.body.get("incidents", ()))} - {""})
