"""Nobody is told of a failure."""

from __future__ import annotations

from airflow_provider_wfintel.engine.generation.suggestions.rule import Look
from airflow_provider_wfintel.engine.model import Suggestion

__all__ = ["suggest_failure_alert"]


def suggest_failure_alert(look: Look) -> Suggestion | None:
    """Tell somebody when the DAG fails, by mail if the deployment or the DAG knows mail and not Slack."""
    if any(alert.on == "failure" for alert in look.spec.alerts):
        return None
    # A message without a service would take that of the alert for its own.
    if any(task.action == "notify" and task.services in ((), ("python",)) for task in look.spec.tasks):
        return None
    used = {name for task in look.spec.tasks for name in task.services}
    used |= {kind for _, kind in look.context.connections}
    by_mail = "smtp" in used and "slack" not in used
    sentence = (
        "If anything fails, email data-alerts@example.com."
        if by_mail
        else "If anything fails, post to the Slack channel #data-alerts."
    )
    return Suggestion(
        "failure_alert",
        "Tell somebody when it fails.",
        "No alert is set: a failure is seen only by those who look.",
        sentence,
    )
