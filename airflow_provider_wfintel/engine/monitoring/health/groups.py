"""Health of several DAGs together: of a tag, an owner, a deployment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from airflow_provider_wfintel.engine.monitoring.health.values import GroupHealth, HealthScore

__all__ = ["group_health"]


def group_health(scores: Mapping[str, HealthScore], groups: Mapping[str, Iterable[str]]) -> tuple[GroupHealth, ...]:
    """The health of each group, worst first.

    A group's score is the mean of its DAGs' scores: 100 times the share of their next runs that is expected to end
    well. One sick DAG among many healthy ones hardly moves that, so the worst is named beside it.

    Args:
        scores: the health of each DAG, by id.
        groups: for each group (such as `tag:finance`) the ids of its DAGs; those without a score are left out.
    """
    found = []
    for name, dag_ids in groups.items():
        known = sorted((scores[dag_id].score, dag_id) for dag_id in set(dag_ids) if dag_id in scores)
        if known:
            mean = sum(score for score, _ in known) / len(known)
            found.append(GroupHealth(name, mean, len(known), known[0][0], known[0][1]))
    return tuple(sorted(found, key=lambda item: (item.score, item.name)))
