"""Routes of the fourth verb: a try, or a log that the caller brings, becomes a root cause with evidence."""

from __future__ import annotations

from airflow.api_fastapi.common.db.common import SessionDep
from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import APIRouter, HTTPException, Request, status

from airflow_provider_wfintel.api.datamodels.troubleshooting import AnalyzeBody, DiagnosisBody
from airflow_provider_wfintel.api.in_process import OF_AIRFLOW, calls_of
from airflow_provider_wfintel.api.places import server_place
from airflow_provider_wfintel.api.rates import COSTLY
from airflow_provider_wfintel.api.security import may_on_dag, requires_dag_authoring
from airflow_provider_wfintel.app.diagnose import diagnose_log
from airflow_provider_wfintel.app.troubleshooting.trying import diagnose_try

__all__ = ["router"]

router = APIRouter(prefix="/api/workflows/troubleshooting", tags=["troubleshooting"])


@router.post("/analyze", dependencies=[COSTLY], responses=OF_AIRFLOW)
def analyze(body: AnalyzeBody, request: Request, user: GetUserDep, session: SessionDep) -> DiagnosisBody:
    """Say why a try failed, from its log and facts or from a log that the caller brings. Nothing is stored."""
    wanted = body.task_try
    if wanted is None:
        requires_dag_authoring(user)
        return DiagnosisBody.model_validate(diagnose_log(body.error_logs or "", body.facts))
    if not may_on_dag(wanted.dag_id, user, change=False):
        raise HTTPException(status.HTTP_403_FORBIDDEN, "this needs the permission to read the DAG's task logs")
    with calls_of(request) as call:
        place = server_place(call, session)
        found = diagnose_try(place, **wanted.model_dump(), error_logs=body.error_logs, facts=body.facts)
    return DiagnosisBody.model_validate(found)
