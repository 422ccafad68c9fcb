"""What a deployment has, read from Airflow's metadata database: the `ContextPort` of the api-server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from airflow_provider_wfintel.engine.model import DeploymentContext

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = [
    "Visible",
    "dag_source_hashes",
    "hidden_connections",
    "installed_providers",
    "read_context",
    "read_dag_sources",
]

_MOST_SOURCES = 500


@dataclass(frozen=True, slots=True)
class Visible:
    """What the caller may see. `None` means everything; Airflow answers such questions with sets of names."""

    connections: frozenset[str] | None = None
    pools: frozenset[str] | None = None
    dag_ids: frozenset[str] | None = None
    sources: frozenset[str] | None = None
    """DAGs whose source the caller may read."""
    assets: bool = True
    variables: frozenset[str] | None = None


def read_context(session: Session, visible: Visible | None = None) -> DeploymentContext:
    """Connections (id and type, never their secrets), pools, assets, DAG ids and installed providers.

    Connections that live in environment variables or a secrets backend are not listed by Airflow and stay unknown.

    Args:
        session: a session on the metadata database.
        visible: what the caller may see; nothing else gets into the context.
    """
    from airflow.configuration import conf
    from airflow.models.asset import AssetModel
    from airflow.models.connection import Connection
    from airflow.models.dag import DagModel
    from airflow.models.pool import Pool
    from sqlalchemy import select

    allowed = visible or Visible()
    connections = session.execute(select(Connection.conn_id, Connection.conn_type).order_by(Connection.conn_id))
    pools = session.execute(select(Pool.pool, Pool.slots).order_by(Pool.pool))
    dag_ids = session.scalars(select(DagModel.dag_id).where(~DagModel.is_stale).order_by(DagModel.dag_id))
    assets = session.scalars(select(AssetModel.uri).order_by(AssetModel.uri)) if allowed.assets else ()
    return DeploymentContext(
        connections=tuple(
            (row.conn_id, row.conn_type) for row in connections if _allowed(row.conn_id, allowed.connections)
        ),
        providers=installed_providers(),
        pools=tuple((row.pool, row.slots) for row in pools if _allowed(row.pool, allowed.pools)),
        assets=tuple(assets),
        dag_ids=tuple(name for name in dag_ids if _allowed(name, allowed.dag_ids)),
        timezone=_unless(conf.get("core", "default_timezone", fallback=""), "utc", "system"),
        owner=_unless(conf.get("operators", "default_owner", fallback=""), "airflow"),
    )


def hidden_connections(session: Session, visible: Visible | None = None) -> frozenset[str]:
    """Ids in Airflow's database that the caller may not see; those of secrets backends are nobody's to hide."""
    from airflow.models.connection import Connection
    from sqlalchemy import select

    if visible is None or visible.connections is None:
        return frozenset()
    return frozenset(session.scalars(select(Connection.conn_id))) - visible.connections


def dag_source_hashes(session: Session, visible: Visible | None = None) -> tuple[tuple[str, str], ...]:
    """File and hash of the newest source of each DAG file, as Airflow stored it; those changed last first, at most 500.

    Args:
        session: a session on the metadata database.
        visible: what the caller may see; the sources of other DAGs are left out.
    """
    from airflow.models.dag import DagModel
    from airflow.models.dagcode import DagCode
    from sqlalchemy import select

    allowed = (visible or Visible()).sources
    query = (
        select(DagCode.dag_id, DagCode.fileloc, DagCode.source_code_hash)
        .join(DagModel, DagModel.dag_id == DagCode.dag_id)
        .where(~DagModel.is_stale)
        .order_by(DagCode.last_updated.desc())
        .limit(_MOST_SOURCES)
    )
    newest: dict[str, str] = {}
    for row in session.execute(query):
        if _allowed(row.dag_id, allowed):
            newest.setdefault(row.fileloc, row.source_code_hash)
    return tuple(newest.items())


def read_dag_sources(session: Session, hashes: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """The sources that `dag_source_hashes` names, in its order; one that is gone meanwhile is left out."""
    from airflow.models.dagcode import DagCode
    from sqlalchemy import select

    query = select(DagCode.fileloc, DagCode.source_code_hash, DagCode.source_code).where(
        DagCode.source_code_hash.in_({digest for _, digest in hashes})
    )
    found = {(row.fileloc, row.source_code_hash): row.source_code for row in session.execute(query)}
    return tuple(found[key] for key in hashes if key in found)


def _unless(value: str, *defaults: str) -> str:
    """The value, or nothing if it is only what Airflow comes with: that says nothing about this deployment."""
    return "" if value.lower() in defaults else value


def _allowed(name: str, names: frozenset[str] | None) -> bool:
    return names is None or name in names


def installed_providers() -> tuple[str, ...]:
    """Names of the installed provider distributions, sorted; the first question loads their descriptions."""
    from airflow.providers_manager import ProvidersManager

    manager = ProvidersManager()  # type: ignore[no-untyped-call]
    return tuple(sorted(manager.providers))
