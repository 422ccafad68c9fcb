"""The FastAPI app that the plugin mounts at `/wfintel` inside Airflow's api-server."""

from __future__ import annotations

from functools import partial
from typing import Any

from airflow.api_fastapi.auth.managers.base_auth_manager import COOKIE_NAME_JWT_TOKEN
from airflow.api_fastapi.core_api.security import requires_authenticated
from fastapi import Depends, FastAPI

from airflow_provider_wfintel import __version__
from airflow_provider_wfintel.api.boundary import BodyLimit, CredentialsFirst, ErrorBoundary
from airflow_provider_wfintel.api.datamodels.common import ErrorBody
from airflow_provider_wfintel.api.entity_tags import EntityTags
from airflow_provider_wfintel.api.errors import register_error_handlers
from airflow_provider_wfintel.api.rates import Rates
from airflow_provider_wfintel.api.routes import (
    alerts,
    automation,
    feedback,
    health,
    monitoring,
    optimization,
    services,
    sessions,
    troubleshooting,
)
from airflow_provider_wfintel.api.schema import describe
from airflow_provider_wfintel.api.turns import Turns
from airflow_provider_wfintel.config import read_settings

__all__ = ["create_app"]

_ERRORS: dict[int | str, dict[str, Any]] = {
    401: {"model": ErrorBody, "description": "No credentials, or they have expired."},
    403: {"model": ErrorBody, "description": "The credentials are not valid or do not allow this."},
    413: {"model": ErrorBody, "description": "The request is too large."},
    422: {"model": ErrorBody, "description": "The request cannot be worked with; the hint says why."},
    500: {"model": ErrorBody, "description": "A fault of ours."},
    503: {"model": ErrorBody, "description": "The tables are missing or the database cannot be reached."},
}


def create_app() -> FastAPI:
    """Build the app: every route is denied to callers without credentials, each adds the permission it needs.

    There are no public pages: the interactive documentation and the schema would not be behind the login. The
    schema is in `docs/openapi.json`.
    """
    app = FastAPI(
        title="Workflow intelligence for Apache Airflow",
        version=__version__,
        description="Generate, optimize, monitor and troubleshoot DAGs. Every error has the form `ErrorBody`.",
        dependencies=[Depends(requires_authenticated())],
        responses=_ERRORS,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    routers = (
        alerts,
        automation,
        feedback,
        health,
        monitoring,
        optimization,
        services,
        sessions,
        troubleshooting,
    )
    for router in (module.router for module in routers):
        app.include_router(router)
    register_error_handlers(app)
    settings = read_settings()
    app.state.rates = Rates(settings.rate_limit, settings.rate_limit_storage)
    app.openapi = partial(describe, app)  # type: ignore[method-assign]
    # The one added last is the outermost.
    app.add_middleware(EntityTags)
    app.add_middleware(Turns)
    app.add_middleware(BodyLimit, max_bytes=settings.max_request_bytes)
    app.add_middleware(CredentialsFirst, cookie=COOKIE_NAME_JWT_TOKEN)
    app.add_middleware(ErrorBoundary)
    return app
