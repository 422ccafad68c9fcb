"""Whether this installation can work."""

from __future__ import annotations

from dataclasses import asdict
from typing import Literal

from airflow.api_fastapi.common.db.common import SessionDep
from fastapi import APIRouter, Depends

from airflow_provider_wfintel.api.datamodels.health import CheckLineBody, CheckupBody, HealthBody
from airflow_provider_wfintel.api.security import requires_operations
from airflow_provider_wfintel.app.doctor.examine import examine, make_scene, status_of
from airflow_provider_wfintel.app.health import check_health
from airflow_provider_wfintel.config import read_settings

__all__ = ["router"]

router = APIRouter(prefix="/api", tags=["health"])


@router.get("/health")
def health(session: SessionDep) -> HealthBody:
    """Say what is running; 503 with a hint if the tables are missing."""
    settings = read_settings()
    found = check_health(session, extra_folder=settings.services_folder)
    return HealthBody(
        status="healthy",
        version=found.version,
        airflow_version=found.airflow_version,
        tables=found.tables,
        services=found.services,
        catalog_version=found.catalog_version,
        tries_dags=settings.trial_over_rest,
        saves_dags=settings.save_over_rest and settings.dags_save_folder is not None,
    )


@router.get("/health/checks", dependencies=[Depends(requires_operations)])
def checks() -> CheckupBody:
    """Look at the deployment as `wfintel doctor` does, and say what to do. Nothing is written or sent."""
    lines = examine(make_scene(may_write=False))
    status: tuple[Literal["ok", "warn", "fail"], ...] = ("ok", "warn", "fail")
    return CheckupBody(status=status[status_of(lines)], lines=[CheckLineBody(**asdict(line)) for line in lines])
