"""Routes for what people say of answers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal

from airflow.api_fastapi.common.db.common import SessionDep
from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import APIRouter, Depends, Query

from airflow_provider_wfintel.api.audit import audited
from airflow_provider_wfintel.api.datamodels.feedback import (
    CorrectionBody,
    FeedbackBody,
    FeedbackKeptBody,
    FeedbackSummaryBody,
)
from airflow_provider_wfintel.api.once import ONCE, WriteRoute
from airflow_provider_wfintel.api.security import may_edit_dag, of_own_teams, requires_dag_authoring
from airflow_provider_wfintel.app.memory import corrections_of, feedback_summary, remember
from airflow_provider_wfintel.engine.model import Correction, WorkflowSpec, from_json
from airflow_provider_wfintel.store.repositories.feedback import FeedbackNote

__all__ = ["router"]

router = APIRouter(prefix="/api/workflows/feedback", tags=["feedback"], route_class=WriteRoute)


@router.post("", dependencies=[audited("feedback.keep"), Depends(requires_dag_authoring), ONCE])
def keep(body: FeedbackBody, user: GetUserDep, session: SessionDep) -> FeedbackKeptBody:
    """Keep what a person says of an answer; corrections change the answers to come."""
    if body.dag_id:
        may_edit_dag(body.dag_id, user)
    corrections = [Correction(**item.model_dump()) for item in body.corrections]
    if body.spec is not None and body.saved_source:
        corrections += corrections_of(from_json(WorkflowSpec, body.spec), body.saved_source)
    note = FeedbackNote(
        subject=body.subject,
        subject_id=body.subject_id,
        author=user.get_id(),
        verdict=body.verdict,
        dag_id=body.dag_id,
        comment=body.comment,
        rating=body.rating,
        correction={"corrections": [asdict(item) for item in corrections]} if corrections else None,
    )
    kept = remember(session, note, corrections)
    return FeedbackKeptBody(
        subject=kept.subject,
        subject_id=kept.subject_id,
        votes=kept.votes,
        corrections=[CorrectionBody(**asdict(item)) for item in corrections],
    )


@router.get("/summary", dependencies=[Depends(requires_dag_authoring)])
def summary(
    user: GetUserDep,
    session: SessionDep,
    subject: Annotated[
        Literal["generation", "optimization", "insight", "alert", "diagnosis", "remedy", "all"], Query()
    ] = "generation",
) -> FeedbackSummaryBody:
    """Count the verdicts and the ratings of one kind of answer, or of all."""
    found = feedback_summary(session, None if subject == "all" else subject, of_own_teams(user))
    return FeedbackSummaryBody(
        subject=subject,
        verdicts=dict(found.verdicts),
        total=sum(found.verdicts.values()),
        ratings=dict(found.ratings),
        rated=found.rated,
        average=found.average,
    )
