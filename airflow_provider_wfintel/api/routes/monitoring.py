"""Routes of the third verb: health, metrics, anomalies, forecasts, insights and reports of this deployment.

Lists hold the caller's DAGs only. A `dag_id` is checked by Airflow's own dependency (it is a query parameter) and once
more by hand, since a DAG that is gone has no row to be filtered by.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timezone
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Any, Literal

from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.api_fastapi.common.db.common import SessionDep
from airflow.api_fastapi.core_api.security import GetUserDep, requires_access_dag
from fastapi import APIRouter, Depends, Query
from fastapi.responses import PlainTextResponse, Response
from pydantic_core import to_json

from airflow_provider_wfintel.api.audit import audited
from airflow_provider_wfintel.api.datamodels.monitoring import (
    AnomaliesBody,
    AnomalyBody,
    CollisionBody,
    DagHealthBody,
    DagMetricsBody,
    DeploymentHealthBody,
    ForecastBody,
    ForecastsBody,
    GroupHealthBody,
    HourCellBody,
    InsightBody,
    InsightsBody,
    OverviewBody,
    RefitAnswerBody,
    RefitBody,
    ReliabilityBody,
    ReportBody,
    RunningForecastBody,
    RunningRunBody,
    ScheduleBody,
    SumsBody,
)
from airflow_provider_wfintel.api.once import ONCE, WriteRoute
from airflow_provider_wfintel.api.paging import Page, paged
from airflow_provider_wfintel.api.rates import COSTLY
from airflow_provider_wfintel.api.security import (
    may_edit_dag,
    may_read_dag,
    readable_dags,
    requires_all_teams,
    requires_dag_authoring,
)
from airflow_provider_wfintel.app.facts import dags_of_team
from airflow_provider_wfintel.app.monitoring.anomalies import anomalies as find_anomalies
from airflow_provider_wfintel.app.monitoring.forecast import RunningRun, running_forecasts
from airflow_provider_wfintel.app.monitoring.forecast import forecast as forecast_of
from airflow_provider_wfintel.app.monitoring.health import deployment_health, deployment_reliability
from airflow_provider_wfintel.app.monitoring.insights import insights as known_insights
from airflow_provider_wfintel.app.monitoring.metrics import dag_metrics, overview, prometheus_text
from airflow_provider_wfintel.app.monitoring.refit import refit as refit_dags
from airflow_provider_wfintel.app.monitoring.report import performance_report
from airflow_provider_wfintel.app.monitoring.schedule import week_of_runs
from airflow_provider_wfintel.app.recent import Recent
from airflow_provider_wfintel.engine.monitoring.service import (
    CONTENT_TYPE,
    Forecast,
    ReliabilityRow,
    Sketch,
    as_html,
    as_markdown,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.store.repositories.sums import Sums

__all__ = ["router"]

router = APIRouter(
    prefix="/api/workflows/monitoring",
    tags=["monitoring"],
    route_class=WriteRoute,
    dependencies=[Depends(requires_access_dag("GET", DagAccessEntity.RUN))],
)

DagId = Annotated[str, Query(max_length=250, description="Only this DAG.")]
OneDag = Annotated[str, Query(min_length=1, max_length=250)]
TeamName = Annotated[str, Query(max_length=50, alias="team", description="Only DAGs of this team.")]
Days = Annotated[float, Query(gt=0, le=400, description="How far back.")]


_WEEKS: Recent[ScheduleBody] = Recent()
_RELIABILITY: Recent[Sequence[ReliabilityRow]] = Recent()
_FIGURES = tuple(SumsBody.model_fields)
_figures_of = attrgetter(*_FIGURES)


def _also(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """What the schema says of an answer that has other forms beside JSON."""
    return {200: {"content": {name: {"schema": {"type": "string"}} for name in media_types}}}


def _now() -> datetime:
    return datetime.now(timezone.utc)


def _visible(dag_id: str, user: GetUserDep, session: Session | None = None, team: str = "") -> Collection[str]:
    """The DAGs that an answer may be about: the one asked for, or all (of a team) that the user may read."""
    if dag_id:
        may_read_dag(dag_id, user)
        return [dag_id]
    readable = readable_dags(user)
    if not team or session is None:
        return readable
    return dags_of_team(session, team, readable)


@router.get("/health")
def health(
    user: GetUserDep,
    session: SessionDep,
    page: Annotated[Page, Depends(paged(500, 1000))],
    dag_id: DagId = "",
    team: TeamName = "",
    reliability: bool = False,
) -> DeploymentHealthBody:
    """Health of DAGs with reasons, the worst first, and of groups; with `reliability`, whether it was right.

    What `reliability` tells is up to ten minutes old.
    """
    dag_ids = _visible(dag_id, user, session, team)
    return health_answer(session, dag_ids, page, with_reliability=reliability)


@router.get("/metrics", response_model=OverviewBody, responses=_also("text/plain"))
def metrics(
    user: GetUserDep,
    session: SessionDep,
    days: Days = 7.0,
    team: TeamName = "",
    format: Literal["json", "prometheus"] = "json",
) -> Any:
    """What the deployment did, by DAG, tag, owner and time: JSON of the last days, or Prometheus text of all time."""
    visible = frozenset(_visible("", user, session, team))
    if format == "prometheus":
        text = prometheus_text(session, now=_now(), dag_ids=visible)
        return PlainTextResponse(text, media_type=CONTENT_TYPE)
    return Response(overview_answer(session, _now(), days, visible), media_type="application/json")


@router.get("/metrics/dag", response_model=DagMetricsBody)
def metrics_of_dag(
    user: GetUserDep,
    session: SessionDep,
    dag_id: OneDag,
    days: Days = 30.0,
) -> Any:
    """What one DAG did: by time, task and pool, with distributions."""
    may_read_dag(dag_id, user)
    found = dag_metrics(session, dag_id, now=_now(), days=days)
    return {
        "dag_id": dag_id,
        "since": found.since,
        "window_seconds": found.window_seconds,
        "total": asdict(found.total),
        "series": [{"start": start, **asdict(one)} for start, one in found.series],
        "tasks": {name: asdict(one) for name, one in sorted(found.tasks.items())},
        "pools": {name: asdict(one) for name, one in sorted(found.pools.items())},
        "distributions": {name: _distribution(one) for name, one in sorted(found.distributions.items())},
    }


@router.get("/anomalies")
def anomalies(
    user: GetUserDep,
    session: SessionDep,
    page: Annotated[Page, Depends(paged(200, 1000))],
    dag_id: DagId = "",
    team: TeamName = "",
    days: Days = 7.0,
) -> AnomaliesBody:
    """Anomalies that were found in the last days, the newest first."""
    found = find_anomalies(
        session,
        now=_now(),
        dag_ids=_visible(dag_id, user, session, team),
        days=days,
        limit=page.rows,
        offset=page.offset,
        after=page.after,
    )
    shown, following = page.cut(found, lambda item: (item.at.isoformat(), item.anomaly_id))
    return AnomaliesBody(anomalies=[AnomalyBody.model_validate(item) for item in shown], next_cursor=following)


@router.get("/forecast")
def forecast(user: GetUserDep, session: SessionDep, dag_id: OneDag) -> ForecastBody:
    """When a DAG's running runs and its next run will be over, the odds of missing the deadline, the task to blame."""
    may_read_dag(dag_id, user)
    found = forecast_of(session, dag_id, now=_now())
    running = [
        {"run_id": item.run_id, "due": item.due, "elapsed": item.elapsed, **_figures(item.forecast)}
        for item in found.forecast.running
    ]
    following = found.forecast.next_run
    return ForecastBody.model_validate(
        {
            "dag_id": dag_id,
            "deadline_seconds": found.deadline_seconds,
            "suggested_deadline": found.forecast.suggested_deadline,
            "failure_probability": found.failure_probability,
            "running": running,
            "next_run": None if following is None else {"due": found.forecast.next_due, **_figures(following)},
        }
    )


@router.get("/forecasts", dependencies=[COSTLY])
def forecasts(
    user: GetUserDep,
    session: SessionDep,
    team: TeamName = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> ForecastsBody:
    """All runs that go on, with their forecasts; those that have one and are most likely to be late first."""
    found = running_forecasts(session, now=_now(), dag_ids=frozenset(_visible("", user, session, team)))
    return ForecastsBody(running=[_running(item) for item in found[:limit]], total=len(found))


@router.get("/insights")
def insights(
    user: GetUserDep,
    session: SessionDep,
    page: Annotated[Page, Depends(paged(200, 1000))],
    dag_id: DagId = "",
    team: TeamName = "",
    status: Literal["open", "gone", "dismissed", "any"] = "open",
) -> InsightsBody:
    """Findings about performance, with evidence."""
    wanted = "" if status == "any" else status
    found = known_insights(
        session,
        dag_ids=_visible(dag_id, user, session, team),
        status=wanted,
        limit=page.rows,
        offset=page.offset,
        after=page.after,
    )
    shown, following = page.cut(found, lambda item: (item.last_seen_at.isoformat(), item.fingerprint))
    return InsightsBody(insights=[InsightBody.model_validate(item) for item in shown], next_cursor=following)


@router.get("/schedule")
def schedule(
    user: GetUserDep,
    session: SessionDep,
    dag_id: DagId = "",
    team: TeamName = "",
    days: Days = 28.0,
    zone: Annotated[str, Query(max_length=64, description="IANA name of the zone whose hours count.")] = "UTC",
) -> ScheduleBody:
    """When runs are at work in the week, and which DAGs usually start at the same time; up to ten minutes old."""
    dag_ids = frozenset(_visible(dag_id, user, session, team))

    def made() -> ScheduleBody:
        found = week_of_runs(session, now=_now(), days=days, zone=zone, dag_ids=dag_ids)
        cells = [HourCellBody.model_validate(item) for item in found.cells]
        collisions = [CollisionBody.model_validate(item) for item in found.collisions]
        return ScheduleBody(zone=zone, cells=cells, collisions=collisions)

    return _WEEKS.get((dag_ids, days, zone), made)


@router.get("/report", dependencies=[COSTLY], response_model=ReportBody, responses=_also("text/markdown", "text/html"))
def report(
    user: GetUserDep,
    session: SessionDep,
    dag_id: DagId = "",
    team: TeamName = "",
    days: Days = 7.0,
    format: Literal["json", "markdown", "html"] = "json",
) -> Any:
    """The performance report: figures, health, anomalies, insights, what took and cost most."""
    found = performance_report(session, now=_now(), days=days, dag_ids=_visible(dag_id, user, session, team))
    if format == "markdown":
        return PlainTextResponse(as_markdown(found), media_type="text/markdown; charset=utf-8")
    if format == "html":
        # Nothing in it may run, whatever a DAG is called.
        headers = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
        return Response(as_html(found), media_type="text/html; charset=utf-8", headers=headers)
    return ReportBody.model_validate(found)


@router.post("/refit", dependencies=[audited("monitoring.refit"), Depends(requires_dag_authoring), COSTLY, ONCE])
def refit(body: RefitBody, user: GetUserDep, session: SessionDep) -> RefitAnswerBody:
    """Learn health and forecasts of some DAGs anew from their history, and the calibration from their outcomes."""
    for dag_id in body.dag_ids:
        may_edit_dag(dag_id, user)
    if body.calibration:
        requires_all_teams(user)
    done = refit_dags(
        session, dag_ids=body.dag_ids, with_calibration=body.calibration, visible=frozenset(_visible("", user))
    )
    return RefitAnswerBody.model_validate(asdict(done))


def health_answer(
    session: Session, dag_ids: Collection[str], page: Page, *, with_reliability: bool = False
) -> DeploymentHealthBody:
    """The answer about these DAGs."""
    found = deployment_health(
        session,
        dag_ids=dag_ids,
        limit=page.rows,
        offset=page.offset,
        after=page.after_number,
    )
    right: Sequence[ReliabilityRow] = ()
    if with_reliability:
        right = _RELIABILITY.get(frozenset(dag_ids), lambda: deployment_reliability(session, dag_ids=dag_ids))
    shown, following = page.cut(found.dags, lambda row: (repr(row.score), row.dag_id))
    dags = [
        DagHealthBody(
            dag_id=row.dag_id,
            score=row.score or 0.0,
            failure_probability=row.health.get("failure_probability"),
            miss_probability=row.health.get("miss_probability"),
            runs=row.runs,
            enough_runs=bool(row.health.get("enough_runs")),
            deadline_seconds=row.deadline_seconds,
            reasons=row.health.get("reasons", []),
            updated_at=row.updated_at,
        )
        for row in shown
    ]
    return DeploymentHealthBody(
        dags=dags,
        groups=[GroupHealthBody.model_validate(item) for item in found.groups],
        reliability=[ReliabilityBody.model_validate(item) for item in right],
        calibrated_runs=found.calibrated_runs,
        next_cursor=following,
    )


def overview_answer(session: Session, now: datetime, days: float, visible: frozenset[str]) -> bytes:
    """The answer about these DAGs as JSON text of the form of `OverviewBody`.

    Written without an object for each DAG: with thousands of them the garbage collector took longer than the rest.
    """
    found = overview(session, now=now, days=days, dag_ids=visible)
    return to_json(
        {
            "since": found.since,
            "window_seconds": found.window_seconds,
            "total": asdict(found.total),
            "series": [{"start": start, **asdict(one)} for start, one in found.series],
            **{name: _figures_by_name(getattr(found, name)) for name in ("dags", "tags", "owners", "teams")},
        }
    )


def _figures_by_name(named: Mapping[str, Sums]) -> dict[str, dict[str, Any]]:
    return {name: dict(zip(_FIGURES, _figures_of(one), strict=True)) for name, one in named.items()}


def _running(item: RunningRun) -> RunningForecastBody:
    known = item.forecast
    body = None
    if known is not None:
        values = {"run_id": known.run_id, "due": known.due, "elapsed": known.elapsed, **_figures(known.forecast)}
        body = RunningRunBody.model_validate(values)
    return RunningForecastBody(
        dag_id=item.dag_id, run_id=item.run_id, deadline_seconds=item.deadline_seconds, forecast=body
    )


def _distribution(sketch: Sketch) -> dict[str, Any]:
    levels = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    quantiles = {name: sketch.quantile(level) for name, level in levels.items()}
    return {"count": sketch.count, "mean": sketch.mean, **quantiles, "max": sketch.largest}


def _figures(item: Forecast) -> dict[str, Any]:
    names = ("q10", "q50", "q90", "miss_probability", "runs", "enough_runs")
    return {**{name: getattr(item, name) for name in names}, "blame": [asdict(one) for one in item.blame]}
