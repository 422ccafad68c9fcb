"""Use case: what is known of a try beside its log, for those who diagnose in a process with the metadata database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from airflow_provider_wfintel.host.dag_facts import teams_of
from airflow_provider_wfintel.host.fact_tables import read_facts
from airflow_provider_wfintel.host.teams import visible_to_team_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.engine.model import TaskTry, TryFacts
    from airflow_provider_wfintel.host.context import Visible

__all__ = ["dags_of_team", "facts_of", "team_of_dag"]


def facts_of(session: Session, item: TaskTry, visible: Visible | None = None) -> TryFacts | None:
    """Facts of a try, as `service.diagnose` takes them; None if there is no such try.

    Without `visible` everything is read but the sources of DAGs, so that the answer may be stored and shown to all who
    may see the DAG's runs; where Airflow has teams, only what is the DAG's team's or nobody's.

    Args:
        session: a session on the metadata database; nothing is written.
        item: the try: its DAG, run, task, map index and number are looked at.
        visible: what the caller may see; nothing else gets into the facts.
    """
    seen = visible or visible_to_team_of(session, item.dag_id)
    facts = read_facts(session, item, seen)
    return facts and replace(facts, services_down=_services_down(session, facts, seen))


_KINDS = dict.fromkeys(("postgres", "mysql", "mssql", "oracle", "sqlite", "snowflake", "trino", "redshift"), "database")
_STATES = {"unreachable": "does not answer", "refused": "refuses the login", "missing": "is not defined"}


def _services_down(session: Session, facts: TryFacts, visible: Visible) -> tuple[str, ...]:
    """Sentences about the services of the task's connection, or of all that the DAG names, around the try's end."""
    from airflow_provider_wfintel.app.service_health import bad_services_near
    from airflow_provider_wfintel.host.connections_in_use import connections_in_use

    names = [facts.conn_id] if facts.conn_id else list(connections_in_use(session, facts.dag_id))
    allowed = [name for name in names if visible.connections is None or name in visible.connections]
    moment = datetime.fromisoformat(facts.end_date) if facts.end_date else datetime.now(timezone.utc)
    return tuple(
        f"the {_KINDS.get(look.conn_type, 'service')} of connection {look.conn_id} {_STATES[look.state]} "
        f"(looked at {look.checked_at}): {look.message}"
        for look in bad_services_near(session, allowed, moment)
    )


def dags_of_team(session: Session, team: str, among: Collection[str]) -> frozenset[str]:
    """Those of some DAGs that belong to a team; none without teams."""
    return frozenset(name for name, of in teams_of(session, among).items() if of == team)


def team_of_dag(session: Session, dag_id: str) -> str:
    """The team of a DAG; empty without teams, or if it belongs to none."""
    return teams_of(session, [dag_id]).get(dag_id, "")
