"""Ask all rules."""

from __future__ import annotations

from airflow_provider_wfintel.engine.monitoring.insights.rules import RULES
from airflow_provider_wfintel.engine.monitoring.insights.values import DagPicture, DeploymentPicture, InsightFinding

__all__ = ["insight_kinds", "insights_of_dag", "insights_of_deployment"]


def insight_kinds() -> tuple[str, ...]:
    """The kinds of all rules."""
    return tuple(rule.kind for rule in RULES)


def insights_of_dag(dag: DagPicture) -> tuple[InsightFinding, ...]:
    """What the rules find about one DAG."""
    return tuple(found for rule in RULES if rule.of_dag is not None for found in rule.of_dag(dag))


def insights_of_deployment(all_dags: DeploymentPicture) -> tuple[InsightFinding, ...]:
    """What the rules find about all DAGs together."""
    return tuple(found for rule in RULES if rule.of_deployment is not None for found in rule.of_deployment(all_dags))
