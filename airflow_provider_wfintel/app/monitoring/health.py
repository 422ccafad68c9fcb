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

__all__ = ["DEPLOYMENT", "DeploymentHealth", "deployment_health"]

DEPLOYMENT = "deployment"


@dataclass(frozen=True, slots=True)
class DeploymentHealth:
    """Health of DAGs, the worst first, and of groups (`tag:…`, `owner:…`, `team:…`, `deployment`); reliability."""

    dags: Sequence[DagHealth]
    groups: Sequence[GroupHealth]
    reliability: Sequence[ReliabilityRow]
    calibrated_runs: int
    """Runs that the deployment's own calibration rests on; 0: none was fitted yet."""


def deployment_health(
    session: Session, *, dag_ids: Collection[str] | None = None, with_reliability: bool = False
) -> DeploymentHealth:
    """The health of DAGs as of their last run.

    Args:
        session: a session on the metadata database.
        dag_ids: only these DAGs, also in groups; None: all.
        with_reliability: also compare what was said before past runs with how they ended.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.app.monitoring.facts import calibration
    from airflow_provider_wfintel.host.dag_facts import read_dags
    from airflow_provider_wfintel.store.repositories.dag_states import DagStates

    states, fitted = DagStates(session), calibration(session)
    rows = states.health(dag_ids)
    groups: dict[str, list[str]] = {DEPLOYMENT: [row.dag_id for row in rows]}
    for dag in read_dags(session, None if dag_ids is None else dag_ids).values():
        teams = (f"team:{dag.team}",) if dag.team else ()
        for name in (*(f"tag:{tag}" for tag in dag.tags), *(f"owner:{owner}" for owner in dag.owners), *teams):
            groups.setdefault(name, []).append(dag.dag_id)
    scores = {row.dag_id: HealthScore(row.score or 0.0, 0.0, 0.0, row.runs, True) for row in rows}
    told = states.told(dag_ids) if with_reliability else []
    if fitted is not None:
        told = [(fitted.apply(said), came) for said, came in told]
    return DeploymentHealth(rows, group_health(scores, groups), reliability(told), 0 if fitted is None else fitted.runs)
