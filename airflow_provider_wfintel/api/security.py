"""Who may do what, in terms of the auth manager that the deployment uses.

| route | permission |
| --- | --- |
| health, services, templates | any user who is logged in |
| try | may edit DAGs, and `[wfintel] trial_over_rest` is on |
| save | may edit the DAG, and `[wfintel] save_over_rest` is on |
| health/checks | may edit pools, as operators may: the lines name folders, machines and receivers |
| generate, validate, feedback | may edit DAGs: who writes DAGs may have them written and checked, and judge them |
| analyze or predict a DAG of this deployment | may read its runs; its source is used for who may read that, too |
| analyze or predict a DAG that the caller describes | may edit DAGs |
| apply, withdraw or reject a plan | may edit the DAG |
| results of plans | any user who is logged in: those of the DAGs that they may read |
| analyze a log that the caller brings | may edit DAGs: nothing of the deployment is read, but the work costs time |
| monitoring: read | may read DAG runs; lists hold the DAGs that the user may read |
| monitoring: refit | may edit DAGs, and each that is named |
| services: read | may read the connection; the list has those of the DAGs that they may read |
| services: store looks | may edit each of the connections |
| sessions of failed tries: read, open | may read the task logs of the DAG, from which the evidence is |
| sessions: resolve, verify, undo, close | may change task instances of the DAG; Airflow checks each act once more |
| alerts, silences (list) | who may read the DAG that they are about; `monitor.*` alerts are about none, for any user |
| alerts (push, acknowledge, resolve, silence) | may edit the DAG, and all DAGs of the incident that is acted on |
| rules of alerts | may edit DAGs of every team: a rule may be about all of them. The schema of a rule: any user |
| monitoring: fit the calibration | may edit DAGs of every team: the calibration is the whole deployment's |

The permission is `PUT` on DAGs because every auth manager has it in a role below administrator; Airflow itself
never creates a DAG over REST, and with the FAB auth manager nobody but administrators could hold `POST`.

With `[core] multi_team` every question about a DAG names its team: an auth manager that is asked without one answers
for DAGs of no team. A DAG that Airflow does not know (any more) has a history with us but no team to ask about, so it
is for those who may act for all teams.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import ConnectionDetails, DagAccessEntity, DagDetails
from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import HTTPException, status

from airflow_provider_wfintel.host.context import Visible
from airflow_provider_wfintel.host.teams import all_teams, has_teams, is_unknown, team_of_folder

if TYPE_CHECKING:
    from airflow.api_fastapi.auth.managers.base_auth_manager import ResourceMethod
    from sqlalchemy.orm import Session

__all__ = [
    "can_edit_dag",
    "can_read_source",
    "may_edit_dag",
    "may_on_connection",
    "may_on_dag",
    "may_read_dag",
    "may_read_logs_of",
    "may_save_dag",
    "of_own_teams",
    "readable_dags",
    "requires_all_teams",
    "requires_dag_authoring",
    "requires_operations",
    "visible_to",
]


def requires_dag_authoring(user: GetUserDep) -> None:
    """Let pass who may edit DAGs in general. No request parameter can narrow the question to a single DAG."""
    if not get_auth_manager().is_authorized_dag(method="PUT", user=user):
        raise HTTPException(status.HTTP_403_FORBIDDEN, "this needs the permission to edit DAGs")


def requires_operations(user: GetUserDep) -> None:
    """Let pass who runs this Airflow: who may edit pools, as operators may and authors of DAGs may not."""
    if not get_auth_manager().is_authorized_pool(method="PUT", user=user):
        raise HTTPException(status.HTTP_403_FORBIDDEN, "this needs the permission to edit pools, which operators have")


def requires_all_teams(user: GetUserDep) -> None:
    """Let pass who may edit the DAGs of every team, for what holds for the whole deployment."""
    requires_dag_authoring(user)
    if not _of_all_teams("PUT", user):
        raise HTTPException(status.HTTP_403_FORBIDDEN, "this needs the permission to edit the DAGs of all teams")


def may_save_dag(dag_id: str, folder: Path, user: GetUserDep) -> None:
    """Let pass who may edit a DAG that will be in a folder: with teams, for the team whose bundle the folder is in."""
    may_edit = get_auth_manager().is_authorized_dag(
        method="PUT", details=DagDetails(id=dag_id, team_name=team_of_folder(folder)), user=user
    )
    if not may_edit or not (is_unknown(dag_id) or can_edit_dag(dag_id, user)):
        raise HTTPException(status.HTTP_403_FORBIDDEN, "this needs the permission to edit the DAG")


def may_edit_dag(dag_id: str, user: GetUserDep) -> None:
    """Let pass who may edit one DAG, whether or not it exists: an answer must not tell which DAGs there are."""
    if not can_edit_dag(dag_id, user):
        raise HTTPException(status.HTTP_403_FORBIDDEN, "this needs the permission to edit the DAG")


def may_on_connection(conn_id: str | None, user: GetUserDep, *, change: bool) -> bool:
    """Whether the user may read or edit a connection, wherever it is defined; None: connections in general."""
    from airflow.models.connection import Connection
    from airflow.providers.common.compat.sdk import conf

    teams = conf.getboolean("core", "multi_team", fallback=False)
    team = Connection.get_team_name(conn_id) if teams and conn_id is not None else None
    details = None if conn_id is None else ConnectionDetails(conn_id=conn_id, team_name=team)
    return get_auth_manager().is_authorized_connection(method="PUT" if change else "GET", details=details, user=user)


def may_on_dag(dag_id: str, user: GetUserDep, *, change: bool) -> bool:
    """Whether the user may read the task logs of a DAG, or change its task instances."""
    if change:
        return _authorized("PUT", dag_id, user, DagAccessEntity.TASK_INSTANCE)
    return _authorized("GET", dag_id, user, DagAccessEntity.TASK_LOGS)


def may_read_logs_of(user: GetUserDep) -> frozenset[str]:
    """The DAGs whose task logs the user may read.

    One question for the kind of access and one for the DAGs, not one for each of some thousand DAGs: who may read the
    logs of single DAGs only gets the list of none, and each session by its id.
    """
    manager = get_auth_manager()
    if not manager.is_authorized_dag(method="GET", access_entity=DagAccessEntity.TASK_LOGS, user=user):
        return frozenset()
    return frozenset(manager.get_authorized_dag_ids(user=user, method="GET"))


def can_edit_dag(dag_id: str, user: GetUserDep) -> bool:
    """Whether the user may edit one DAG."""
    return _authorized("PUT", dag_id, user)


def may_read_dag(dag_id: str, user: GetUserDep) -> None:
    """Let pass who may read one DAG and its runs, whether or not it exists."""
    entities = (None, DagAccessEntity.RUN, DagAccessEntity.TASK_INSTANCE)
    if not all(_authorized("GET", dag_id, user, entity) for entity in entities):
        raise HTTPException(status.HTTP_403_FORBIDDEN, "this needs the permission to read the DAG and its runs")


def can_read_source(dag_id: str, user: GetUserDep) -> bool:
    """Whether the user may read the source of one DAG."""
    return _authorized("GET", dag_id, user, DagAccessEntity.CODE)


def readable_dags(user: GetUserDep) -> frozenset[str]:
    """The DAGs that the user may read."""
    return frozenset(get_auth_manager().get_authorized_dag_ids(user=user, method="GET"))


def of_own_teams(user: GetUserDep) -> frozenset[str] | None:
    """The DAGs that a figure over many DAGs may rest on: without teams all of them, which tells nothing of any one."""
    return readable_dags(user) if has_teams() else None


def _authorized(method: ResourceMethod, dag_id: str, user: GetUserDep, entity: DagAccessEntity | None = None) -> bool:
    """Whether the user may do something with one DAG, in terms of its team; of all teams if it is not known."""
    from airflow.models.dag import DagModel

    manager, teams = get_auth_manager(), has_teams()
    team = DagModel.get_team_name(dag_id) if teams else None
    if teams and team is None and is_unknown(dag_id):
        return _of_all_teams(method, user, entity)
    details = DagDetails(id=dag_id, team_name=team)
    return manager.is_authorized_dag(method=method, access_entity=entity, details=details, user=user)


def _of_all_teams(method: ResourceMethod, user: GetUserDep, entity: DagAccessEntity | None = None) -> bool:
    manager = get_auth_manager()
    everyone = [DagDetails(team_name=team) for team in (all_teams() if has_teams() else ())]
    return all(
        manager.is_authorized_dag(method=method, access_entity=entity, details=details, user=user)
        for details in (None, *everyone)
    )


def visible_to(user: GetUserDep, session: Session) -> Visible:
    """The names that the user may read, so that no answer tells others. All is asked on one connection."""
    manager = get_auth_manager()
    dag_ids = frozenset(manager.get_authorized_dag_ids(user=user, method="GET", session=session))
    # One question, not one for each of some thousand DAGs: who may read only some sources gets no house style.
    reads_code = manager.is_authorized_dag(method="GET", access_entity=DagAccessEntity.CODE, user=user)
    return Visible(
        connections=frozenset(manager.get_authorized_connections(user=user, method="GET", session=session)),
        pools=frozenset(manager.get_authorized_pools(user=user, method="GET", session=session)),
        dag_ids=dag_ids,
        sources=dag_ids if reads_code else frozenset(),
        assets=manager.is_authorized_asset(method="GET", user=user),
    )
