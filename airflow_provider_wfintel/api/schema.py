"""The OpenAPI schema with what holds for kinds of routes: entity tags, rate limits, idempotency keys.

FastAPI writes what each route declares. What dependencies and middlewares add to the answers is written here once, from
the dependencies that a route really has, so that the schema cannot say it of a route that does not do it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from airflow_provider_wfintel.api.once import once
from airflow_provider_wfintel.api.rates import costly

__all__ = ["asks", "describe", "routes_of"]

_ERROR = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorBody"}}}
_RETRY_AFTER = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}}}
_TAG = {
    "ETag": {"description": "Changes with the content of the answer.", "schema": {"type": "string"}},
    "Cache-Control": {"description": "`private, no-cache`", "schema": {"type": "string"}},
}
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "Entity tags of answers that the caller has: with one of them the answer is 304, without a body.",
    "schema": {"type": "string"},
}
_TOO_MANY = {"description": "Too many requests of this kind.", "content": _ERROR, "headers": _RETRY_AFTER}
_REPEATED = {
    "Idempotency-Replayed": {"description": "`true`: this answer was given before.", "schema": {"type": "string"}}
}
_UNDER_WAY = "The request with this Idempotency-Key is being served, or what is to be made is there already."

_NOTHING = "There is no such thing, or the caller may not know of it."


def routes_of(app: FastAPI) -> list[APIRoute]:
    """The routes of the app, also those of included routers."""
    return [route for route in app.routes if isinstance(route, APIRoute)]


def asks(route: APIRoute, dependency: Callable[..., Any]) -> bool:
    """Whether a route has a dependency, directly or through another."""

    def within(one: Dependant) -> bool:
        return one.call is dependency or any(within(inner) for inner in one.dependencies)

    return within(route.dependant)


def describe(app: FastAPI) -> dict[str, Any]:
    """The schema of the app, made once."""
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        for route in routes_of(app):
            for method in route.methods:
                _complete(schema["paths"][route.path_format][method.lower()], route, method)
        app.openapi_schema = schema
    return app.openapi_schema


def _complete(operation: dict[str, Any], route: APIRoute, method: str) -> None:
    answers = operation["responses"]
    if method == "GET":
        operation.setdefault("parameters", []).append(_IF_NONE_MATCH)
        answers["200"]["headers"] = _TAG
        answers["304"] = {"description": "The caller has the answer already.", "headers": _TAG}
    if "requestBody" in operation:
        answers["400"] = {"description": "The body is no text.", "content": _ERROR}
    if "{" in route.path_format:
        answers.setdefault("404", {"description": _NOTHING, "content": _ERROR})
    if asks(route, costly):
        answers["429"] = _TOO_MANY
    if asks(route, once):
        answers.setdefault("409", {"description": _UNDER_WAY, "content": _ERROR})
        next(answers[code] for code in answers if code.startswith("2"))["headers"] = _REPEATED
