"""All rules in the order of their weight, and the few suggestions that an answer carries."""

from __future__ import annotations

from airflow_provider_wfintel.engine.generation.suggestions.asset import suggest_asset
from airflow_provider_wfintel.engine.generation.suggestions.deadline import suggest_deadline
from airflow_provider_wfintel.engine.generation.suggestions.deletion_approval import suggest_deletion_approval
from airflow_provider_wfintel.engine.generation.suggestions.failure_alert import suggest_failure_alert
from airflow_provider_wfintel.engine.generation.suggestions.one_run import suggest_one_run
from airflow_provider_wfintel.engine.generation.suggestions.owner import suggest_owner
from airflow_provider_wfintel.engine.generation.suggestions.parallel_limit import suggest_parallel_limit
from airflow_provider_wfintel.engine.generation.suggestions.retries import suggest_retries
from airflow_provider_wfintel.engine.generation.suggestions.row_count import suggest_row_count
from airflow_provider_wfintel.engine.generation.suggestions.rule import Look, Rule
from airflow_provider_wfintel.engine.generation.suggestions.schedule import suggest_schedule
from airflow_provider_wfintel.engine.generation.suggestions.zone import suggest_zone
from airflow_provider_wfintel.engine.model import DeploymentContext, Suggestion, WorkflowSpec

__all__ = ["MOST", "RULES", "suggest"]

MOST = 4
RULES: tuple[Rule, ...] = (
    suggest_deletion_approval,
    suggest_schedule,
    suggest_failure_alert,
    suggest_retries,
    suggest_row_count,
    suggest_parallel_limit,
    suggest_one_run,
    suggest_zone,
    suggest_asset,
    suggest_deadline,
    suggest_owner,
)


def suggest(spec: WorkflowSpec, context: DeploymentContext, *, most: int = MOST) -> tuple[Suggestion, ...]:
    """The next steps that weigh most, none of which the DAG already takes. A DAG that does nothing gets none."""
    if all(task.action == "none" for task in spec.tasks):
        return ()
    look = Look(spec, context)
    found = [item for rule in RULES if (item := rule(look)) is not None]
    return tuple(found[:most])
