"""Bodies of the feedback routes."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from airflow_provider_wfintel.api.datamodels.common import StrictBody

__all__ = ["CorrectionBody", "FeedbackBody", "FeedbackKeptBody", "FeedbackSummaryBody"]

_PATH = r"^$|^[A-Za-z_][\w.]*:[A-Za-z_]\w*$"


class CorrectionBody(StrictBody):
    """One thing that was kept or changed in a generated DAG."""

    service: str = Field(min_length=1, max_length=100, description="Id of the service in the catalogue.")
    action: str = Field(min_length=1, max_length=20)
    operator: str = Field(
        default="", max_length=400, pattern=_PATH, description="`package.module:Class` that is wanted."
    )
    instead_of: str = Field(default="", max_length=400, pattern=_PATH, description="The class that was proposed.")
    target_service: str = Field(default="", max_length=100)
    connection_id: str = Field(default="", max_length=250, description="The connection that is wanted.")


class FeedbackBody(StrictBody):
    """What one person says of one answer."""

    subject: Literal["generation", "optimization", "insight", "alert", "diagnosis", "remedy"]
    subject_id: str = Field(min_length=1, max_length=250, description="What the answer was about, such as the DAG id.")
    verdict: Literal["accepted", "corrected", "rejected"]
    rating: int | None = Field(default=None, ge=1, le=5, description="1 (no use) to 5 (just right).")
    comment: str = Field(default="", max_length=10_000)
    dag_id: str = Field(default="", max_length=250)
    corrections: list[CorrectionBody] = Field(default_factory=list, max_length=200)
    spec: dict[str, Any] | None = Field(default=None, description="The `spec` of the answer, with `saved_source`.")
    saved_source: str = Field(default="", description="The file as it was saved: what was changed in it is found.")


class FeedbackKeptBody(BaseModel):
    """What was stored. `votes` counts the operators that were voted for or against."""

    subject: str
    subject_id: str
    votes: int
    corrections: list[CorrectionBody]


class FeedbackSummaryBody(BaseModel):
    """How many notes of each verdict there are on one kind of answer, or on all, and how they were rated."""

    subject: str
    verdicts: dict[str, int]
    total: int
    ratings: dict[int, int] = Field(description="How often each rating was given.")
    rated: int = Field(description="How many notes carry a rating.")
    average: float | None = Field(description="The mean rating; null if nobody rated.")
