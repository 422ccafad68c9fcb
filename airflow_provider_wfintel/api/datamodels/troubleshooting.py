"""Bodies of the troubleshooting routes."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field, model_validator

from airflow_provider_wfintel.api.datamodels.common import StrictBody

__all__ = ["AnalyzeBody", "AnalyzedTryBody", "DiagnosisBody", "TaskTryBody"]


class TaskTryBody(StrictBody):
    """A try of a task instance of this Airflow."""

    dag_id: str = Field(min_length=1, max_length=250)
    run_id: str = Field(min_length=1, max_length=250)
    task_id: str = Field(min_length=1, max_length=250)
    map_index: int = Field(default=-1, ge=-1)
    try_number: int | None = Field(default=None, ge=1, description="Which try; without it the present one.")


class AnalyzeBody(StrictBody):
    """A try of this Airflow, or a log that the caller has, and what else they know of it."""

    error_logs: str | None = Field(
        default=None,
        description="Lines of JSON as Airflow 3 writes them, text, or both; empty if there is no log. For a `task_try` "
        "the log is read if it is not given.",
    )
    task_try: TaskTryBody | None = Field(default=None, description="Whose log and facts are read, with your rights.")
    facts: dict[str, Any] | None = Field(
        default=None, description="State, try number, event-log rows and so on; see `wfintel diagnose --facts`."
    )

    @model_validator(mode="after")
    def _says_something(self) -> AnalyzeBody:
        if self.error_logs is None and self.task_try is None:
            raise ValueError("give error_logs or task_try")
        return self


class AnalyzedTryBody(BaseModel):
    """The try that a diagnosis is about."""

    dag_id: str
    run_id: str
    task_id: str
    map_index: int
    try_number: int
    state: str
    has_log: bool


class DiagnosisBody(BaseModel):
    """The root cause with its evidence. Secrets are masked."""

    label: str = Field(description="Class of the root cause, or `unknown`.")
    ranked: list[str] = Field(description="Classes, best first.")
    probabilities: list[float] = Field(description="Probability of each class in `ranked`.")
    confidence: float = Field(ge=0.0, le=1.0)
    group: str
    evidence: list[str] = Field(description="Lines of the log that prove it.")
    transient: Literal["transient", "permanent", "unknown"]
    action: str
    remedies: list[str] = Field(description="What may be done for this class, by name; nothing is done here.")
    explanation: str
    steps: list[str] = Field(description="What a person should do.")
    fix_location: str
    signatures: list[str] = Field(description="Signatures that were found.")
    task_try: AnalyzedTryBody | None = Field(
        default=None, description="The try that was looked into, if one was named."
    )
    circumstances: list[str] = Field(description="What was different around the try; it proves nothing by itself.")
