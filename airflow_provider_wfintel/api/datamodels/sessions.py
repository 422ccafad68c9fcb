"""Bodies of the routes of sessions of failed tries."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from airflow_provider_wfintel.api.datamodels.common import ListBody, StrictBody

__all__ = [
    "AttemptBody",
    "CloseBody",
    "OfferBody",
    "OpenBody",
    "ProposalBody",
    "RateBody",
    "RatesBody",
    "ResolutionBody",
    "ResolveBody",
    "SessionBody",
    "SessionDetailBody",
    "SessionsBody",
    "SimilarBody",
]

Status = Literal["in_progress", "resolved", "auto_resolved", "escalated", "manual_intervention_required", "closed"]


class OpenBody(StrictBody):
    """A task instance whose present try failed."""

    dag_id: str = Field(min_length=1, max_length=250)
    run_id: str = Field(min_length=1, max_length=250)
    task_id: str = Field(min_length=1, max_length=250)
    map_index: int = Field(default=-1, ge=-1, lt=2**31)
    error_logs: str | None = Field(default=None, description="The log, if the caller has it; else it is read.")


class ResolveBody(StrictBody):
    """What is wanted: a dry run, what the policy allows, or one remedy that a person names."""

    mode: Literal["dry_run", "apply"] = "dry_run"
    remedy: str = Field(
        default="", max_length=64, description="The remedy that a person asks for; empty: the policy decides."
    )


class CloseBody(StrictBody):
    """A person's last word."""

    status: Literal["closed", "resolved", "escalated"] = "closed"
    reason: str = Field(default="", max_length=2_000)


class OfferBody(BaseModel):
    """A remedy that fits, with what it would do and the answer of the policy."""

    remedy: str
    answer: Literal["apply", "ask", "suggest", "later", "refuse"]
    reason: str = Field(description="Why the policy answers so.")
    because: str = Field(description="Why the remedy fits.")
    steps: list[str]
    success: str
    odds: float = Field(description="How likely it is to help, from verified outcomes of this deployment.")
    helped: int
    failed: int
    undoable: bool


class SessionBody(BaseModel):
    """A failed try and what was found out about it. Secrets are masked."""

    session_id: str
    try_id: str
    dag_id: str
    run_id: str
    task_id: str
    map_index: int
    try_number: int
    phase: str
    status: Status
    label: str
    confidence: float
    transient: bool | None
    ranked: list[str]
    evidence: list[str]
    explanation: str
    steps: list[str] = Field(description="What a person should do.")
    offers: list[OfferBody]
    outcome: str
    reason: str
    due_at: datetime | None
    opened_at: datetime | None
    updated_at: datetime | None
    closed_at: datetime | None
    closed_by: str


class SessionsBody(ListBody):
    """A page of sessions, the newest first."""

    sessions: list[SessionBody]
    total: int


class AttemptBody(BaseModel):
    """The audit row of a remedy."""

    attempt_id: str
    remedy: str
    attempt_number: int
    mode: str
    status: str
    actor: str
    reason: str
    steps: list[str]
    result: dict[str, Any] | None
    undoable: bool
    requested_at: datetime
    applied_at: datetime | None
    verified_at: datetime | None
    undone_at: datetime | None


class SimilarBody(BaseModel):
    """A past session of the same cause that was resolved; without a remedy a person did it."""

    session_id: str
    dag_id: str
    task_id: str
    status: str
    closed_at: str
    remedy: str


class SessionDetailBody(BaseModel):
    """A session with its attempts and similar cases."""

    session: SessionBody
    attempts: list[AttemptBody]
    similar: list[SimilarBody]


class ProposalBody(BaseModel):
    """Something for a person: a diff, a requirement, the escalation."""

    title: str
    text: str


class ResolutionBody(BaseModel):
    """What came of it, or would come."""

    session: SessionBody
    outcome: str
    reason: str
    remedy: str
    steps: list[str]
    due_at: datetime | None
    offers: list[OfferBody]
    misfits: dict[str, str] = Field(description="Remedies for this cause that do not fit, and why.")
    proposals: list[ProposalBody]


class RateBody(BaseModel):
    """Verified outcomes of a remedy for a class of failure."""

    label: str
    remedy: str
    helped: int
    failed: int
    rate: float


class RatesBody(ListBody):
    """Verified outcomes of all remedies."""

    rates: list[RateBody]
