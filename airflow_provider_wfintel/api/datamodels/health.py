"""Body of the health route."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

__all__ = ["HealthBody"]


class HealthBody(BaseModel):
    """What is running and what it found at start. An unhealthy store answers with an error instead."""

    status: Literal["healthy"]
    version: str
    airflow_version: str
    tables: int
    services: int
    catalog_version: str
    saves_dags: bool = Field(description="Whether generated DAG files may be saved over REST.")
