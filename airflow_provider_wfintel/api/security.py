"""Who may do what, in terms of the auth manager that the deployment uses.

| route | permission |
| --- | --- |
| health, services, templates | any user who is logged in |
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
| sessions of failed tries: read, open | may read the task logs of the DAG, from which the evidence is |
| sessions: resolve, verify, undo, close | may change task instances of the DAG; Airflow checks each act once more |
| alerts, silences (list) | who may read the DAG that they are about; `monitor.*` alerts are about none, for any user |
| alerts (push, acknowledge, resolve, silence) | may edit the DAG, and all DAGs of the incident that is acted on |
| rules of alerts | may edit DAGs: a rule may be about all of them. The schema of a rule: any user |

The permission is `PUT` on DAGs because every auth manager has it in a role below administrator; Airflow itself
never creates a DAG over REST, and with the FAB auth manager nobody but administrators could hold `POST`.
"""

from __future__ import annotations

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import HTTPException, status

from airflow_provider_wfintel.host.context import Visible

__all__ = [
    "can_edit_dag",
    "can_read_source",
    "may_edit_dag",
    "may_on_dag",
    "may_read_dag",
    "may_read_logs_of",
    "readable_dags",
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


def may_edit_dag(dag_id: str, user: GetUserDep) -> None:
    """Let pass who may edit one DAG, whether or not it exists: an answer must not tell which DAGs there are."""
    if not can_edit_dag(dag_id, user):
        raise HTTPException(status.HTTP_403_FORBIDDEN, "this needs the permission to edit the DAG")


def may_on_dag(dag_id: str, user: GetUserDep, *, change: bool) -> bool:
    """Whether the user may read the task logs of a DAG, or change its task instances."""
    details, manager = DagDetails(id=dag_id), get_auth_manager()
    if change:
        entity = DagAccessEntity.TASK_INSTANCE
        return manager.is_authorized_dag(method="PUT", access_entity=entity, details=details, user=user)
    entity = DagAccessEntity.TASK_LOGS
    return manager.is_authorized_dag(method="GET", access_entity=entity, details=details, user=user)


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
    return get_auth_manager().is_authorized_dag(method="PUT", details=_details(dag_id), user=user)


def may_read_dag(dag_id: str, user: GetUserDep) -> None:
    """Let pass who may read one DAG and its runs, whether or not it exists."""
    manager, details = get_auth_manager(), _details(dag_id)
    entities = (None, DagAccessEntity.RUN, DagAccessEntity.TASK_INSTANCE)
    if not all(
        manager.is_authorized_dag(method="GET", access_entity=entity, details=details, user=user) for entity in entities
    ):
        raise HTTPException(status.HTTP_403_FORBIDDEN, "this needs the permission to read the DAG and its runs")


def can_read_source(dag_id: str, user: GetUserDep) -> bool:
    """Whether the user may read the source of one DAG."""
    return get_auth_manager().is_authorized_dag(
        method="GET", access_entity=DagAccessEntity.CODE, details=_details(dag_id), user=user
    )


def readable_dags(user: GetUserDep) -> frozenset[str]:
    """The DAGs that the user may read."""
    return frozenset(get_auth_manager().get_authorized_dag_ids(user=user, method="GET"))


def _details(dag_id: str) -> DagDetails:
    from airflow.models.dag import DagModel

    return DagDetails(id=dag_id, team_name=DagModel.get_team_name(dag_id))


def visible_to(user: GetUserDep) -> Visible:
    """The names that the user may read, so that no answer tells others."""
    manager = get_auth_manager()
    dag_ids = frozenset(manager.get_authorized_dag_ids(user=user, method="GET"))
    # One question, not one for each of some thousand DAGs: who may read only some sources gets no house style.
    reads_code = manager.is_authorized_dag(method="GET", access_entity=DagAccessEntity.CODE, user=user)
    return Visible(
        connections=frozenset(manager.get_authorized_connections(user=user, method="GET")),
        pools=frozenset(manager.get_authorized_pools(user=user, method="GET")),
        dag_ids=dag_ids,
        sources=dag_ids if reads_code else frozenset(),
        assets=manager.is_authorized_asset(method="GET", user=user),
    )
