"""Body of the health route."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

__all__ = ["CheckLineBody", "CheckupBody", "HealthBody"]


class HealthBody(BaseModel):
    """What is running and what it found at start. An unhealthy store answers with an error instead."""

    status: Literal["healthy"]
    version: str
    airflow_version: str
    tables: int
    services: int
    catalog_version: str
    tries_dags: bool = Field(description="Whether generated DAGs may be run with stand-ins over REST.")
    saves_dags: bool = Field(description="Whether generated DAG files may be saved over REST.")


class CheckLineBody(BaseModel):
    """One thing that was looked at."""

    check: str = Field(description="Name of the check.")
    state: Literal["ok", "warn", "fail"]
    said: str = Field(description="What was seen.")
    fix: str = Field(description="What to do about it; empty if nothing needs to be done.")


class CheckupBody(BaseModel):
    """What `wfintel doctor` says, as the api-server sees it."""

    status: Literal["ok", "warn", "fail"] = Field(description="The worst of the lines.")
    lines: list[CheckLineBody]
