"""Teams (`[core] multi_team`) as permissions need them: which there are, and whose bundle a folder is in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.host.context import Visible

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["all_teams", "has_teams", "is_unknown", "team_of_folder", "visible_to_team_of"]


def has_teams() -> bool:
    """Whether this Airflow runs with teams."""
    from airflow.configuration import conf

    return conf.getboolean("core", "multi_team", fallback=False)


def all_teams() -> tuple[str, ...]:
    """The teams that there are."""
    from airflow.models.team import Team

    return tuple(sorted(Team.get_all_team_names()))


def is_unknown(dag_id: str) -> bool:
    """Whether Airflow has no DAG of this id (any more)."""
    from airflow.models.dag import DagModel
    from airflow.utils.session import create_session
    from sqlalchemy import exists, select

    with create_session() as session:
        return not session.scalar(select(exists().where(DagModel.dag_id == dag_id)))


def team_of_folder(folder: Path) -> str | None:
    """The team of the bundle on this machine that holds the folder; None without teams, or if it belongs to none."""
    if not has_teams():
        return None
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.models.dagbundle import DagBundleModel
    from airflow.utils.session import create_session

    place, found = folder.resolve(), None
    for bundle in DagBundlesManager().get_all_dag_bundles():  # type: ignore[no-untyped-call]
        root = Path(bundle.path).resolve()
        # Of bundles within one another the innermost counts.
        if (place == root or root in place.parents) and (found is None or len(root.parts) > found[0]):
            found = (len(root.parts), bundle.name)
    if found is None:
        return None
    with create_session() as session:
        model = session.get(DagBundleModel, found[1])
        return next((team.name for team in model.teams), None) if model is not None else None


def visible_to_team_of(session: Session, dag_id: str) -> Visible:
    """What everybody who may see a DAG may be told of the deployment: no sources, nothing of other teams."""
    if not has_teams():
        return Visible(sources=frozenset())
    from airflow.models.connection import Connection
    from airflow.models.dag import DagModel
    from airflow.models.pool import Pool
    from airflow.models.variable import Variable
    from sqlalchemy import or_, select

    from airflow_provider_wfintel.host.dag_facts import teams_of

    teams = teams_of(session)
    team = teams.get(dag_id, "")

    def names(column: Any, of: Any) -> frozenset[str]:
        return frozenset(session.scalars(select(column).where(or_(of.is_(None), of == team))))

    return Visible(
        connections=names(Connection.conn_id, Connection.team_name),
        pools=names(Pool.pool, Pool.team_name),
        dag_ids=frozenset(
            name for name in session.scalars(select(DagModel.dag_id)) if teams.get(name, "") in ("", team)
        ),
        sources=frozenset(),
        variables=names(Variable.key, Variable.team_name),
    )
