"""Bodies of the optimization routes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, model_validator

from airflow_provider_wfintel.api.datamodels.common import ListBody, StrictBody

__all__ = [
    "AnalysisBody",
    "AnalyzeDagBody",
    "AppliedBody",
    "ApplyBody",
    "LimitsBody",
    "PredictBody",
    "PredictionBody",
    "ResultBody",
    "ResultsBody",
    "SchedulesBody",
    "SimulatedTaskBody",
]

_Name = Field(min_length=1, max_length=250)
_MOST_TASKS = 5000
# What an engine knows to ask for: a measure, or a kind with what it is about, as `pool:reports`. Orders (`a->b`) are
# not among them: that no data flows is for somebody to say who reads the file, on the command line.
_Confirmed = Annotated[
    str,
    Field(
        max_length=500,
        pattern=r"^(retry-pauses|more-retries|timeouts|deferrable|retry-policy|(pool|assets|unchanged|schedule|teardown):.+)$",
    ),
]


class LimitsBody(StrictBody):
    """What must stay, whatever it costs."""

    pools: list[str] = Field(default_factory=list, max_length=500, description="Pools that protect something.")
    order: list[tuple[str, str]] = Field(
        default_factory=list, max_length=5000, description="Pairs of tasks: the first must stay before the second."
    )
    once: list[str] = Field(default_factory=list, max_length=5000, description="Tasks that must not be repeated.")
    max_active_tasks: int | None = Field(default=None, ge=1)
    skip: list[Annotated[str, Field(max_length=1000)]] = Field(
        default_factory=list,
        max_length=100,
        description="Rewrites that are not wanted: by `rewrite` all of a kind, by `title` a single one.",
    )


class _SubjectBody(StrictBody):
    workflow: dict[str, Any] | None = Field(default=None, description="A `WorkflowSpec`, as `generate` answers it.")
    dag_id: str = Field(default="", max_length=250, description="A DAG of this deployment.")
    deadline_seconds: float | None = Field(default=None, gt=0, description="Seconds within which a run is to be over.")

    @model_validator(mode="after")
    def _one_subject(self) -> _SubjectBody:
        if (self.workflow is None) == (not self.dag_id):
            raise ValueError("give either workflow or dag_id")
        if self.workflow is not None and len(self.workflow.get("tasks") or ()) > _MOST_TASKS:
            raise ValueError(f"a workflow may have {_MOST_TASKS} tasks")
        return self


class AnalyzeDagBody(_SubjectBody):
    """What is to become better, and what must stay."""

    strategy: Literal["performance", "cost", "reliability", "hybrid"] = "performance"
    weights: tuple[float, float, float] | None = Field(
        default=None, description="For `hybrid`: how much makespan, slot seconds and risk count."
    )
    limits: LimitsBody = LimitsBody()
    confirmed: list[_Confirmed] = Field(
        default_factory=list,
        max_length=100,
        description="What a person has confirmed for this DAG: `measure` of `to_confirm`, `confirm` of `suggestions`.",
    )

    @model_validator(mode="after")
    def _weights_count(self) -> AnalyzeDagBody:
        if self.weights is not None and (min(self.weights) < 0 or sum(self.weights) <= 0):
            raise ValueError("weights must be 0 or more, and not all 0")
        return self


class SimulatedTaskBody(BaseModel):
    """A task in the simulated run of median length; seconds since the start of the run."""

    task_id: str
    ready: float = Field(description="When its predecessors had ended; until `start` it waits for a slot.")
    start: float
    end: float
    tries: int
    critical: bool = Field(description="Whether the run waited for it.")


class SchedulesBody(BaseModel):
    """The run of median length as it is and with the run-time values, and before and after rewrites of the file.

    The latter are simulated from the source: each pair is to be compared within itself. They are left out where nothing
    is rewritten.
    """

    before: list[SimulatedTaskBody]
    after: list[SimulatedTaskBody]
    before_rewrites: list[SimulatedTaskBody] | None = None
    after_rewrites: list[SimulatedTaskBody] | None = None


class AnalysisBody(BaseModel):
    """What costs time, what would pay, and the prediction. Times are seconds."""

    dag_id: str
    strategy: str
    tasks: int
    history: dict[str, Any] = Field(description="Runs and tries that the times come from, and the makespans measured.")
    bottlenecks: list[dict[str, Any]] = Field(description="By what removing each alone saves, the costliest first.")
    critical_path: list[str]
    slack_s: dict[str, float]
    run_time_changes: list[dict[str, Any]] = Field(description="Values that the cluster policy can set.")
    run_time_entry: dict[str, Any] = Field(description="The same as an entry of the plan file.")
    to_confirm: list[dict[str, Any]] = Field(description="What a person has to confirm first, see `confirmed`.")
    left: list[dict[str, Any]]
    deployment_advice: list[dict[str, Any]] = Field(
        description="Settings of Airflow that would help, each alone; never counted as a gain of the layout."
    )
    predicted: dict[str, Any]
    schedules: SchedulesBody
    pareto: list[dict[str, Any]] = Field(description="For `hybrid`: choices that none beats in time, cost and risk.")
    source_read: bool
    source_note: str
    summary: str
    rewrites: list[dict[str, Any]] = Field(description="Changes of the file that are proven and pay.")
    suggestions: list[dict[str, Any]]
    dependencies: dict[str, int]
    patch: str = Field(description="The rewrites as a diff, for callers that may read the source; secrets are masked.")
    pools_to_create: list[dict[str, Any]] = Field(description="Pools that the rewritten file needs, with their slots.")
    optimization_id: str = Field(description="Under which the plan is kept; empty: it is not.")


class PredictBody(_SubjectBody):
    """A DAG, and run-time values to try on it."""

    run_time_entry: dict[str, Any] = Field(
        default_factory=dict, description='Such as {"tasks": {"load": {"priority_weight": {"set": 40}}}}.'
    )


class PredictionBody(BaseModel):
    """Simulated runs. Times are seconds."""

    dag_id: str
    before: dict[str, float | None]
    after: dict[str, float | None]
    runs_of_history: int
    tasks_without_history: list[str]
    calibration_factor: float | None


class ApplyBody(StrictBody):
    """What is done with a plan."""

    dag_id: str = _Name
    optimization_id: str = Field(default="", max_length=36)
    action: Literal["run_time", "patched", "withdraw", "reject"] = "run_time"


class AppliedBody(BaseModel):
    """What was done. `written` is the DAG's entry in the plan file."""

    dag_id: str
    optimization_id: str
    status: str
    reverted: list[str]
    taken_out_of_plan_file: bool
    written: dict[str, Any]


class ResultBody(BaseModel):
    """A plan with its figures before, predicted, and measured after it was applied."""

    optimization_id: str
    dag_id: str
    strategy: str
    status: str
    created_by: str
    created_at: str
    applied_at: str
    measured_at: str
    changes: list[str]
    rewrites: list[str]
    before: dict[str, Any]
    predicted: dict[str, Any]
    measured: dict[str, Any] | None
    offer_revert: bool = Field(description="Real runs were slower under it, beyond chance.")
    in_plan_file: bool = Field(description="Its values are set when the DAG is parsed.")
    patch: str = Field(description="Empty for callers that may not read the source.")


class ResultsBody(ListBody):
    """Plans, the newest first."""

    results: list[ResultBody]
