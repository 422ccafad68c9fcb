"""Routes of the fourth verb: a log that the caller brings becomes a root cause with evidence."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from airflow_provider_wfintel.api.datamodels.troubleshooting import AnalyzeBody, DiagnosisBody
from airflow_provider_wfintel.api.rates import COSTLY
from airflow_provider_wfintel.api.security import requires_dag_authoring
from airflow_provider_wfintel.app.diagnose import diagnose_log

__all__ = ["router"]

router = APIRouter(prefix="/api/workflows/troubleshooting", tags=["troubleshooting"])


@router.post("/analyze", dependencies=[Depends(requires_dag_authoring), COSTLY])
def analyze(body: AnalyzeBody) -> DiagnosisBody:
    """Say why a try failed, from a log that the caller brings. Nothing is stored, nothing is read from Airflow."""
    return DiagnosisBody.model_validate(diagnose_log(body.error_logs, body.facts))
