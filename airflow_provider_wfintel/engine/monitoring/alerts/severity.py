"""How bad something is, by what it leads to."""

from __future__ import annotations

from airflow_provider_wfintel.engine.model import Severity
from airflow_provider_wfintel.engine.monitoring.alerts.events import Seen
from airflow_provider_wfintel.engine.monitoring.alerts.settings import Rule

__all__ = ["RANK", "severity_of", "worst"]

RANK: dict[str, int] = {"info": 0, "warning": 1, "error": 2, "critical": 3}
CRITICAL_ODDS = 0.5
"""Odds of missing the deadline from which a miss is more likely than not."""
CERTAIN_ODDS = 0.9
CRITICAL_RUNS = 3
"""Bad runs in a row after which nobody can take it for an exception."""


def worst(*severities: Severity) -> Severity:
    """The worst of some."""
    return max(severities, key=lambda item: RANK[item])


def severity_of(rule: Rule, seen: Seen, bad_runs: int) -> Severity:
    """The severity of an alert.

    Critical: the deadline is missed or as good as missed, a failure will rather make it missed than not, other DAGs
    wait for a run that is lost, or it is the third bad run in a row. Error: the run is lost, tasks of it cannot run,
    nothing is known of what a failure leads to, or a miss is likely. Warning: a failure that the run survives, and all
    else that is no mere retry.
    """
    if rule.severity != "by_consequence":
        return rule.severity
    consequence = seen.consequence
    if seen.kind == "deadline.odds":
        return "critical" if (seen.value or 0.0) >= CERTAIN_ODDS else worst("error", seen.severity)
    odds = consequence.miss_probability
    failure = seen.kind in ("task.failed", "task.upstream_failed", "run.failed")
    lost = consequence.run_lost if consequence.run_lost is not None else failure
    if (odds is not None and odds >= CRITICAL_ODDS) or seen.kind == "deadline.missed":
        return "critical"
    if lost and (consequence.blocked_dags > 0 or bad_runs >= CRITICAL_RUNS):
        return "critical"
    if lost or consequence.blocked_tasks > 0:
        return worst("error", seen.severity)
    return worst("warning", seen.severity) if not seen.kind.endswith(".retry") else seen.severity
