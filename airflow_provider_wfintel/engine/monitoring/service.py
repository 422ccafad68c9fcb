"""Front door of monitoring. Nothing above this floor imports past it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from airflow_provider_wfintel.engine.model import WorkflowRun
from airflow_provider_wfintel.engine.monitoring.alerts.events import (
    Acknowledge,
    Consequence,
    Delivered,
    EndSilence,
    Input,
    NotDelivered,
    Resolve,
    Seen,
    SeenKind,
    Silence,
)
from airflow_provider_wfintel.engine.monitoring.alerts.from_history import (
    DagLabels,
    KnownCause,
    seen_of_deadline,
    seen_of_forecast,
    seen_of_health,
    seen_of_run,
    seen_of_try,
    seen_of_verdict,
    with_consequences,
)
from airflow_provider_wfintel.engine.monitoring.alerts.machine import AlertMachine, OpenIncident, open_incidents
from airflow_provider_wfintel.engine.monitoring.alerts.matching import Match
from airflow_provider_wfintel.engine.monitoring.alerts.message import Link, Message, message_of
from airflow_provider_wfintel.engine.monitoring.alerts.read_settings import alerts_schema, read_alert_settings
from airflow_provider_wfintel.engine.monitoring.alerts.settings import AlertSettings, Receiver
from airflow_provider_wfintel.engine.monitoring.alerts.state import (
    Alert,
    AlertState,
    Notification,
    NotificationKind,
    Place,
)
from airflow_provider_wfintel.engine.monitoring.alerts.view import AlertStatus, AlertView, changed_views
from airflow_provider_wfintel.engine.monitoring.anomalies.causes import CHANGE_POINTS, Change, with_causes
from airflow_provider_wfintel.engine.monitoring.anomalies.findings import AnomalyFinding, Cause, Verdict
from airflow_provider_wfintel.engine.monitoring.anomalies.from_history import (
    SLOT_SECONDS,
    run_points,
    with_empty_slots,
)
from airflow_provider_wfintel.engine.monitoring.anomalies.joint import unusual_mix
from airflow_provider_wfintel.engine.monitoring.anomalies.metric_stream import MetricAnswer, MetricStream
from airflow_provider_wfintel.engine.monitoring.anomalies.points import AnomalyKind, RunPoint
from airflow_provider_wfintel.engine.monitoring.anomalies.run_calendar import Cadence, RunCalendar, cadence_of
from airflow_provider_wfintel.engine.monitoring.anomalies.stream import Mark, RunStream
from airflow_provider_wfintel.engine.monitoring.forecast import (
    Blame,
    DagForecast,
    DagShape,
    FinishPredictor,
    Forecast,
    PastRun,
    RunForecast,
    RunProgress,
    TaskProgress,
    dag_shape,
    forecast_dag,
    learn,
    past_runs,
    run_progress,
    shape_of_history,
)
from airflow_provider_wfintel.engine.monitoring.health import (
    GroupHealth,
    HealthScore,
    HealthTracker,
    Reason,
    Recalibration,
    ReliabilityRow,
    RunOutcome,
    group_health,
    outcome_of,
    outcomes,
    reliability,
    track_history,
)
from airflow_provider_wfintel.engine.monitoring.insights.find import (
    insight_kinds,
    insights_of_dag,
    insights_of_deployment,
)
from airflow_provider_wfintel.engine.monitoring.insights.values import (
    DagPicture,
    DeploymentPicture,
    InsightFinding,
    TimedRun,
)
from airflow_provider_wfintel.engine.monitoring.metrics import (
    CONTENT_TYPE,
    Book,
    DagFacts,
    Figures,
    Prices,
    Scope,
    Sketch,
    TaskTotals,
    WindowFigures,
    as_prometheus,
    summary,
    totals_as_prometheus,
)
from airflow_provider_wfintel.engine.monitoring.report import (
    PerformanceReport,
    ReportTable,
    as_html,
    as_markdown,
)
from airflow_provider_wfintel.engine.monitoring.report_chart import ReportBar, ReportChart
from airflow_provider_wfintel.engine.monitoring.schedule_map import (
    Collision,
    HourCell,
    RunSpan,
    ScheduleMap,
    schedule_map,
)

__all__ = [
    "CHANGE_POINTS",
    "CONTENT_TYPE",
    "SLOT_SECONDS",
    "Acknowledge",
    "Alert",
    "AlertMachine",
    "AlertSettings",
    "AlertState",
    "AlertStatus",
    "AlertView",
    "AnomalyFinding",
    "AnomalyKind",
    "Blame",
    "Book",
    "Cadence",
    "Cause",
    "Change",
    "Collision",
    "Consequence",
    "DagFacts",
    "DagForecast",
    "DagLabels",
    "DagPicture",
    "DagShape",
    "Delivered",
    "DeploymentPicture",
    "EndSilence",
    "Figures",
    "FinishPredictor",
    "Forecast",
    "GroupHealth",
    "HealthScore",
    "HealthTracker",
    "HourCell",
    "Input",
    "InsightFinding",
    "KnownCause",
    "Link",
    "Mark",
    "Match",
    "Message",
    "MetricAnswer",
    "MetricStream",
    "NotDelivered",
    "Notification",
    "NotificationKind",
    "OpenIncident",
    "PastRun",
    "PerformanceReport",
    "Place",
    "Prices",
    "Reason",
    "Recalibration",
    "Receiver",
    "ReliabilityRow",
    "ReportBar",
    "ReportChart",
    "ReportTable",
    "Resolve",
    "RunCalendar",
    "RunForecast",
    "RunOutcome",
    "RunPoint",
    "RunProgress",
    "RunSpan",
    "RunStream",
    "ScheduleMap",
    "Scope",
    "Seen",
    "SeenKind",
    "Silence",
    "Sketch",
    "TaskProgress",
    "TaskTotals",
    "TimedRun",
    "Verdict",
    "WatchedRuns",
    "WindowFigures",
    "alerts_schema",
    "as_html",
    "as_markdown",
    "as_prometheus",
    "cadence_of",
    "changed_views",
    "dag_shape",
    "find_anomalies",
    "forecast_dag",
    "group_health",
    "insight_kinds",
    "insights_of_dag",
    "insights_of_deployment",
    "learn",
    "message_of",
    "open_incidents",
    "outcome_of",
    "outcomes",
    "past_runs",
    "read_alert_settings",
    "reliability",
    "run_points",
    "run_progress",
    "schedule_map",
    "seen_of_deadline",
    "seen_of_forecast",
    "seen_of_health",
    "seen_of_run",
    "seen_of_try",
    "seen_of_verdict",
    "shape_of_history",
    "summary",
    "totals_as_prometheus",
    "track_history",
    "unusual_mix",
    "watch_runs",
    "with_causes",
    "with_consequences",
    "with_empty_slots",
]


@dataclass(frozen=True, slots=True)
class WatchedRuns:
    """What `watch_runs` found. While `runs_needed` is not 0, there were too few successful runs to judge any."""

    calendar: RunCalendar
    runs: int
    runs_needed: int
    findings: tuple[AnomalyFinding, ...]


def find_anomalies(
    points: Iterable[RunPoint],
    *,
    calendar: RunCalendar,
    changes: Sequence[Change] = (),
    marks: Sequence[Mark] = (),
) -> tuple[tuple[RunPoint, Verdict], ...]:
    """Lead a whole history of one DAG or task past a fresh detector.

    Args:
        points: its slots, oldest first, see `run_points` and `with_empty_slots`.
        calendar: its rhythm.
        changes: what was changed when; change points name those that came right before.
        marks: what people said about earlier findings; each holds from the end of its window on.

    Returns:
        Each point with its verdict, in order.
    """
    stream = RunStream(calendar)
    waiting = sorted(marks, key=lambda mark: mark.last)
    answers: list[tuple[RunPoint, Verdict]] = []
    times: list[float] = []
    for point in points:
        while waiting and waiting[0].last < point.t:
            stream.mark(waiting.pop(0))
        verdict = stream.update(point)
        if verdict.findings and changes:
            findings = tuple(_explained(finding, times, changes) for finding in verdict.findings)
            verdict = replace(verdict, findings=findings)
        answers.append((point, verdict))
        if point.ran:
            times.append(point.t)
    return tuple(answers)


def watch_runs(
    runs: Sequence[WorkflowRun],
    *,
    calendar: RunCalendar | None = None,
    rows: Mapping[str, float] | None = None,
    changes: Sequence[Change] = (),
    until: float | None = None,
) -> WatchedRuns:
    """The anomalies in the run history of one DAG.

    Args:
        runs: its runs; only scheduled ones count.
        calendar: its rhythm; found from the due times if it is not given.
        rows: rows by run id, where they were reported.
        changes: what was changed when.
        until: slots up to this time (seconds since the epoch) can have missed their run; the last run's by default.

    Raises:
        UserInputError: a time is no ISO 8601 time.
    """
    points = run_points(runs, rows=rows)
    calendar = calendar or RunCalendar(cadence_of([point.t for point in points]))
    filled = with_empty_slots(points, cadence=calendar.cadence, until=until)
    verdicts = [verdict for _, verdict in find_anomalies(filled, calendar=calendar, changes=changes)]
    findings = tuple(finding for verdict in verdicts for finding in verdict.findings)
    # Asked of the last run only: a forest for every run of the past would take minutes and be read by nobody.
    mix = unusual_mix(points)
    findings = findings if mix is None else (*findings, mix)
    needed = RunStream.runs_needed(sum(point.duration is not None for point in points))
    return WatchedRuns(calendar, len(points), needed, findings)


def _explained(finding: AnomalyFinding, times: Sequence[float], changes: Sequence[Change]) -> AnomalyFinding:
    before = [t for t in times if t < finding.first]
    return with_causes(finding, changes=changes, run_before=before[-1] if before else None)
