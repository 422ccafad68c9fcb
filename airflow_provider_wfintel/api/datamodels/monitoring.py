"""Bodies of the monitoring routes. Times of answers are ISO 8601 in UTC, durations seconds."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from airflow_provider_wfintel.api.datamodels.common import ListBody, StrictBody

__all__ = [
    "AnomaliesBody",
    "AnomalyBody",
    "BlameBody",
    "CollisionBody",
    "DagHealthBody",
    "DagMetricsBody",
    "DeploymentHealthBody",
    "DistributionBody",
    "ForecastBody",
    "ForecastsBody",
    "GroupHealthBody",
    "HourCellBody",
    "InsightBody",
    "InsightsBody",
    "NextRunBody",
    "OverviewBody",
    "ReasonBody",
    "RefitAnswerBody",
    "RefitBody",
    "ReliabilityBody",
    "ReportBarBody",
    "ReportBody",
    "ReportChartBody",
    "ReportTableBody",
    "RunningForecastBody",
    "RunningRunBody",
    "ScheduleBody",
    "SumsBody",
    "TotalsBody",
    "WindowBody",
]


class _Read(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ReasonBody(BaseModel):
    """What moves a score: `points` of health that it costs (negative: that it adds)."""

    name: str
    text: str
    points: float


class DagHealthBody(BaseModel):
    """Health of a DAG as of its last run."""

    dag_id: str
    score: float = Field(description="100 x (1 - probability that the next run fails or misses its deadline).")
    failure_probability: float | None
    miss_probability: float | None
    runs: int = Field(description="Runs that the score has seen.")
    enough_runs: bool = Field(description="Whether they are as many as the published accuracy is measured with.")
    deadline_seconds: float | None = Field(description="After the run is due, from Airflow's deadline alerts.")
    reasons: list[ReasonBody]
    updated_at: datetime


class GroupHealthBody(_Read):
    """Health of a tag (`tag:…`), an owner (`owner:…`) or the deployment."""

    name: str
    score: float
    dags: int
    worst_dag: str
    worst_score: float


class ReliabilityBody(_Read):
    """Runs with similar probabilities: what was said, what came, with the bounds of chance (95 %)."""

    runs: int
    said: float
    came: float
    low: float
    high: float


class DeploymentHealthBody(ListBody):
    """Health of the deployment, the worst first: a page of its DAGs, and all groups."""

    dags: list[DagHealthBody]
    groups: list[GroupHealthBody]
    reliability: list[ReliabilityBody]
    calibrated_runs: int = Field(description="Runs that this deployment's own calibration rests on; 0 before a refit.")


class SumsBody(_Read):
    """Figures summed over runs and tries that are over."""

    runs: int
    failed_runs: int
    tries: int
    failed_tries: int
    retries: int
    makespan_seconds: float
    task_seconds: float
    wait_seconds: float
    slot_seconds: float
    cost: float
    last_success_at: datetime | None


class WindowBody(SumsBody):
    """The figures of one hour or day."""

    start: datetime


class TotalsBody(_Read):
    """Figures of a task or pool, summed over its tries."""

    tries: int
    failed: int
    retries: int
    run_seconds: float
    wait_seconds: float
    slot_seconds: float
    cost: float
    longest: float
    last_success: str


class DistributionBody(BaseModel):
    """A distribution; quantiles are right within 1 %."""

    count: int
    mean: float | None
    p50: float | None
    p95: float | None
    p99: float | None
    max: float


class OverviewBody(BaseModel):
    """What the deployment did: in all, by time, by DAG, tag, owner and team."""

    since: datetime
    window_seconds: int
    total: SumsBody
    series: list[WindowBody]
    dags: dict[str, SumsBody]
    tags: dict[str, SumsBody]
    owners: dict[str, SumsBody]
    teams: dict[str, SumsBody] = {}


class DagMetricsBody(BaseModel):
    """What one DAG did."""

    dag_id: str
    since: datetime
    window_seconds: int
    total: SumsBody
    series: list[WindowBody]
    tasks: dict[str, TotalsBody]
    pools: dict[str, TotalsBody]
    distributions: dict[str, DistributionBody]


class AnomalyBody(_Read):
    """An anomaly. To mark it, `POST feedback` with subject `insight` and `anomaly_id`: `rejected` is a false alarm."""

    anomaly_id: str
    dag_id: str
    run_id: str
    kind: str
    severity: str
    message: str
    observed: float | None
    expected: float | None
    first: float | None = Field(description="Due time of the first run of its window, seconds since the epoch.")
    last: float | None
    score: float | None
    causes: list[Any]
    at: datetime = Field(description="Due time of the last run of its window.")
    mark: Literal["", "false_alarm", "incident"]


class AnomaliesBody(ListBody):
    """Anomalies, the newest first."""

    anomalies: list[AnomalyBody]


class BlameBody(_Read):
    """How many seconds earlier the run would be over had this task been as usual."""

    task_id: str
    seconds: float


class NextRunBody(BaseModel):
    """When a run will be over, in seconds after it is due."""

    due: str
    q10: float
    q50: float
    q90: float
    miss_probability: float | None
    runs: int
    enough_runs: bool
    blame: list[BlameBody]


class RunningRunBody(NextRunBody):
    """The same of a run that goes on."""

    run_id: str
    elapsed: float


class ForecastBody(BaseModel):
    """Forecasts of a DAG's running runs and its next run."""

    dag_id: str
    deadline_seconds: float | None
    suggested_deadline: float | None = Field(description="Missed by 5 % of the runs; none with fewer than 20 runs.")
    failure_probability: float | None
    running: list[RunningRunBody]
    next_run: NextRunBody | None


class RunningForecastBody(BaseModel):
    """A run that goes on; without a forecast where no task of its DAG has run yet."""

    dag_id: str
    run_id: str
    deadline_seconds: float | None
    forecast: RunningRunBody | None


class ForecastsBody(BaseModel):
    """The runs that go on, those most likely to be late first. The order changes with time: there are no pages."""

    running: list[RunningForecastBody]
    total: int


class InsightBody(_Read):
    """A finding about performance with its evidence."""

    fingerprint: str
    kind: str
    dag_id: str
    task_id: str
    run_id: str
    severity: str
    status: str
    message: str
    value: float | None
    expected: float | None
    samples: int
    evidence: list[Any]
    first_seen_at: datetime
    last_seen_at: datetime


class InsightsBody(ListBody):
    """Findings, those seen last first."""

    insights: list[InsightBody]


class HourCellBody(_Read):
    """An hour of the week; weekday 0 is Monday."""

    weekday: int
    hour: int
    runs: int = Field(description="Runs that became due in it, over all weeks.")
    at_work: float = Field(description="Runs at work at once, mean over the hour and the weeks.")


class CollisionBody(_Read):
    """DAGs that usually become due within the same five minutes of the day."""

    at: str = Field(description="HH:MM in the zone that was asked for.")
    dag_ids: list[str]
    runs: int


class ScheduleBody(_Read):
    """When runs are at work in the week, 168 hours from Monday 00:00, and which DAGs start together."""

    zone: str
    cells: list[HourCellBody]
    collisions: list[CollisionBody]


class ReportTableBody(_Read):
    """One table of a report."""

    title: str
    columns: list[str]
    rows: list[list[str]]
    empty: str


class ReportBarBody(_Read):
    """One bar of a chart: `bad` is the part of `value` that went wrong."""

    label: str
    value: float
    bad: float


class ReportChartBody(_Read):
    """Bars over time. `unit` is what they count, `bad` the word for the part that went wrong, empty for none."""

    title: str
    unit: str
    bars: list[ReportBarBody]
    bad: str


class ReportBody(_Read):
    """The performance report."""

    title: str
    period: str
    summary: list[str]
    tables: list[ReportTableBody]
    charts: list[ReportChartBody]


class RefitBody(StrictBody):
    """What to learn anew. With neither, the answer only names the DAGs that can be refitted."""

    dag_ids: list[str] = Field(default_factory=list, max_length=20, description="Health and forecasts of these DAGs.")
    calibration: bool = Field(default=False, description="The deployment's correction of health probabilities.")


class RefitAnswerBody(BaseModel):
    """What was learned. `brier_before` and `brier_after`: mean squared error of the probabilities."""

    refitted: list[str]
    left_out: dict[str, str] = Field(description="DAGs that could not be, with the reason.")
    calibration_runs: int
    brier_before: float | None
    brier_after: float | None
    known_dags: list[str]
