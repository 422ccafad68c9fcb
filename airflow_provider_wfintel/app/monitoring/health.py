"""Use case: the health of this deployment: per DAG with reasons, per tag, owner and as a whole, and is it right?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from airflow_provider_wfintel.engine.monitoring.service import (
    GroupHealth,
    HealthScore,
    ReliabilityRow,
    group_health,
    reliability,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.store.repositories.dag_states import DagHealth

__all__ = ["DEPLOYMENT", "DeploymentHealth", "deployment_health", "deployment_reliability"]

DEPLOYMENT = "deployment"


@dataclass(frozen=True, slots=True)
class DeploymentHealth:
    """Health of DAGs, the worst first, and of groups (`tag:…`, `owner:…`, `team:…`, `deployment`)."""

    dags: Sequence[DagHealth]
    groups: Sequence[GroupHealth]
    calibrated_runs: int
    """Runs that the deployment's own calibration rests on; 0: none was fitted yet."""


def deployment_health(
    session: Session,
    *,
    dag_ids: Collection[str] | None = None,
    limit: int | None = None,
    offset: int = 0,
    after: tuple[float, str] | None = None,
) -> DeploymentHealth:
    """The health of DAGs as of their last run.

    Args:
        session: a session on the metadata database.
        dag_ids: only these DAGs, also in groups; None: all.
        limit: so many DAGs at most, the worst ones; None: all. Groups are those of all DAGs.
        offset: so many of the worst DAGs are left out.
        after: score and id of a DAG: only those that are listed after it.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.app.monitoring.facts import calibration
    from airflow_provider_wfintel.host.dag_facts import groups_of_dags
    from airflow_provider_wfintel.store.repositories.dag_states import DagStates

    states, fitted = DagStates(session), calibration(session)
    rows = states.health(dag_ids, limit=limit, offset=offset, after=after)
    known = states.scores(dag_ids)
    groups: dict[str, Sequence[str]] = {DEPLOYMENT: list(known)}
    for kind, named in groups_of_dags(session, known).items():
        groups |= {f"{kind[:-1]}:{name}": names for name, names in named.items()}
    scores = {dag_id: HealthScore(score, 0.0, 0.0, 0, True) for dag_id, score in known.items()}
    return DeploymentHealth(rows, group_health(scores, groups), 0 if fitted is None else fitted.runs)


def deployment_reliability(session: Session, *, dag_ids: Collection[str] | None = None) -> Sequence[ReliabilityRow]:
    """What was said before past runs of these DAGs (None: all), by rising probability, and how they ended.

    Reads every probability that was ever said of them: most of a second for 2,000 DAGs with 90 runs each.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.app.monitoring.facts import calibration
    from airflow_provider_wfintel.store.repositories.dag_states import DagStates

    told, fitted = DagStates(session).told(dag_ids), calibration(session)
    if fitted is not None:
        told = [(fitted.apply(said), came) for said, came in told]
    return reliability(told)
