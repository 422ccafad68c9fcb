"""From what ran, was found and was foretold to what the machine is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timezone

from airflow_provider_wfintel.engine.model import TaskTry, WorkflowRun
from airflow_provider_wfintel.engine.monitoring.alerts.events import Consequence, Seen, SeenKind
from airflow_provider_wfintel.engine.monitoring.anomalies.findings import Verdict
from airflow_provider_wfintel.engine.monitoring.forecast.values import Forecast
from airflow_provider_wfintel.engine.monitoring.health.values import HealthScore

__all__ = [
    "DagLabels",
    "KnownCause",
    "seen_of_deadline",
    "seen_of_forecast",
    "seen_of_health",
    "seen_of_run",
    "seen_of_try",
    "seen_of_verdict",
    "with_consequences",
]

_TRY_KINDS: dict[str, SeenKind] = {
    "failed": "task.failed",
    "upstream_failed": "task.upstream_failed",
    "success": "task.succeeded",
}
_RUN_KINDS: dict[str, SeenKind] = {"failed": "run.failed", "success": "run.succeeded"}
_MOST_REASONS = 2


@dataclass(frozen=True, slots=True)
class DagLabels:
    """What routes and severity need to know of a DAG: tags, owners, team, whom it waits for, how many wait for it."""

    tags: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    upstream_dags: tuple[str, ...] = ()
    waiting_dags: int = 0
    team: str = ""


@dataclass(frozen=True, slots=True)
class KnownCause:
    """Why a try failed, if it was diagnosed.

    Attributes:
        key: equal for failures with the same root cause.
        text: the explanation, in a sentence, without secrets.
        shared: whether it lies outside the DAG.
    """

    key: str
    text: str = ""
    shared: bool = False


def seen_of_try(
    item: TaskTry, *, superseded: bool = False, labels: DagLabels | None = None, cause: KnownCause | None = None
) -> Seen | None:
    """A try that is over; None if nothing is to be told of its state, such as a skip.

    Args:
        item: the try.
        superseded: whether another try has taken its place: then its failure is a retry, not the task's end.
        labels: those of its DAG.
        cause: why it failed.
    """
    kind = _TRY_KINDS.get(item.state)
    if kind is None or not item.ended_at:
        return None
    if superseded:
        if kind != "task.failed":
            return None
        kind = "task.retry"
    labels = labels or DagLabels()
    failed = kind in ("task.failed", "task.retry")
    return Seen(
        kind=kind,
        at=_seconds(item.ended_at),
        dag_id=item.dag_id,
        run_id=item.run_id,
        task_id=item.task_id,
        map_index=item.map_index,
        event_id=item.try_id,
        message=_of_try(item, cause) if failed else "",
        cause=cause.key if cause is not None and failed else "",
        shared=cause is not None and failed and cause.shared,
        consequence=Consequence(blocked_dags=labels.waiting_dags),
        tags=labels.tags,
        owners=labels.owners,
        team=labels.team,
        upstream_dags=labels.upstream_dags,
    )


def seen_of_run(run: WorkflowRun, *, labels: DagLabels | None = None) -> Seen | None:
    """A run that is over; None if it goes on."""
    kind = _RUN_KINDS.get(run.state)
    if kind is None or not run.ended_at:
        return None
    labels = labels or DagLabels()
    return Seen(
        kind=kind,
        at=_seconds(run.ended_at),
        dag_id=run.dag_id,
        run_id=run.run_id,
        event_id=run.run_id,
        consequence=Consequence(run_lost=kind == "run.failed", blocked_dags=labels.waiting_dags),
        tags=labels.tags,
        owners=labels.owners,
        team=labels.team,
        upstream_dags=labels.upstream_dags,
    )


def seen_of_verdict(
    verdict: Verdict, *, dag_id: str, run_id: str, at: float, labels: DagLabels | None = None
) -> tuple[Seen, ...]:
    """What the detectors say of one run: one thing per kind of anomaly, or that all is as usual.

    Args:
        verdict: their answer. Where there are too few runs to judge, nothing is said.
        dag_id: the DAG.
        run_id: the run; of a run that is missing, a name of its slot.
        at: when the run ended, or should have begun; seconds since the epoch.
        labels: those of the DAG.
    """
    labels = labels or DagLabels()
    if verdict.state == "not_enough_runs":
        return ()
    about = Seen(
        kind="anomaly.none",
        at=at,
        dag_id=dag_id,
        run_id=run_id,
        event_id=run_id,
        tags=labels.tags,
        owners=labels.owners,
        team=labels.team,
        upstream_dags=labels.upstream_dags,
    )
    found = tuple(
        replace(
            about,
            kind=f"anomaly.{finding.kind}",  # type: ignore[arg-type]  # kinds of anomalies are kinds of things seen
            value=finding.observed,
            message=finding.reason,
            severity=finding.severity,
        )
        for finding in verdict.findings
    )
    return found or (about,)


def seen_of_health(
    score: HealthScore, *, dag_id: str, run_id: str, at: float, labels: DagLabels | None = None
) -> Seen | None:
    """The health of a DAG after a run; None while there are too few runs for the score to mean something."""
    if not score.enough_runs:
        return None
    labels = labels or DagLabels()
    reasons = "; ".join(reason.text for reason in score.reasons[:_MOST_REASONS])
    return Seen(
        kind="health.score",
        at=at,
        dag_id=dag_id,
        run_id=run_id,
        event_id=run_id,
        value=score.score,
        message=f"the next run fails or is late with {score.bad_probability:.0%}" + (f": {reasons}" if reasons else ""),
        tags=labels.tags,
        owners=labels.owners,
        team=labels.team,
    )


def seen_of_forecast(
    forecast: Forecast, *, dag_id: str, run_id: str, at: float, labels: DagLabels | None = None
) -> Seen | None:
    """The odds that a run which goes on misses its deadline; None without a deadline or with too few past runs."""
    if forecast.miss_probability is None or not forecast.enough_runs:
        return None
    labels = labels or DagLabels()
    blame = f", held up by {forecast.blame[0].task_id}" if forecast.blame else ""
    return Seen(
        kind="deadline.odds",
        at=at,
        dag_id=dag_id,
        run_id=run_id,
        event_id=run_id,
        value=forecast.miss_probability,
        message=f"misses its deadline with {forecast.miss_probability:.0%}{blame}",
        consequence=Consequence(blocked_dags=labels.waiting_dags, miss_probability=forecast.miss_probability),
        tags=labels.tags,
        owners=labels.owners,
        team=labels.team,
        upstream_dags=labels.upstream_dags,
    )


def seen_of_deadline(
    *, dag_id: str, run_id: str, due: float, ended: float | None, missed: bool, labels: DagLabels | None = None
) -> Seen:
    """A deadline that a run has missed, or has kept.

    Args:
        dag_id: the DAG.
        run_id: the run.
        due: the deadline, in seconds since the epoch.
        ended: when the run ended; None if it goes on.
        missed: whether it was missed.
        labels: those of the DAG.
    """
    labels = labels or DagLabels()
    late = "it is still running" if ended is None else f"it ended {ended - due:.0f} s later"
    return Seen(
        kind="deadline.missed" if missed else "deadline.met",
        at=due if missed or ended is None else ended,
        dag_id=dag_id,
        run_id=run_id,
        event_id=run_id,
        message=f"due {_clock(due)}, {late}" if missed else "",
        consequence=Consequence(blocked_dags=labels.waiting_dags),
        tags=labels.tags,
        owners=labels.owners,
        team=labels.team,
        upstream_dags=labels.upstream_dags,
    )


def with_consequences(events: Iterable[Seen]) -> tuple[Seen, ...]:
    """The same with what the others say of them: whether the run is lost, and how many tasks could not run."""
    events = tuple(events)
    lost = {_run(item): item.kind == "run.failed" for item in events if item.kind in ("run.failed", "run.succeeded")}
    blocked = Counter(_run(item) for item in events if item.kind == "task.upstream_failed")
    return tuple(_consequence(item, lost, blocked) if item.kind == "task.failed" else item for item in events)


def _consequence(item: Seen, lost: dict[tuple[str, str], bool], blocked: Counter[tuple[str, str]]) -> Seen:
    known = replace(item.consequence, run_lost=lost.get(_run(item)), blocked_tasks=blocked[_run(item)])
    return replace(item, consequence=known)


def _run(item: Seen) -> tuple[str, str]:
    return item.dag_id, item.run_id


def _of_try(item: TaskTry, cause: KnownCause | None) -> str:
    said = f"try {item.try_number} of {max(item.try_number, item.max_tries + 1)} failed"
    return f"{cause.text} ({said})" if cause is not None and cause.text else said


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def _clock(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, tz=timezone.utc):%Y-%m-%d %H:%M} UTC"
