"""Errors as REST bodies: one form for all of them, whoever raised them."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from airflow_provider_wfintel.api.once import Replayed
from airflow_provider_wfintel.exceptions import (
    InputTooLargeError,
    RemoteError,
    StoreError,
    TargetExistsError,
    UserInputError,
    WfIntelError,
)
from airflow_provider_wfintel.store.health import as_store_error

__all__ = ["register_error_handlers", "status_of"]

# The first class that fits decides.
_STATUS: tuple[tuple[type[WfIntelError], int], ...] = (
    (InputTooLargeError, 413),
    (TargetExistsError, 409),
    (UserInputError, 422),
    (StoreError, 503),
    (RemoteError, 502),
    (WfIntelError, 500),
)

_RETRYABLE = frozenset({409, 429, 502, 503, 504})

# What Starlette and Airflow's security raise: name and hint by status.
_HTTP_ERRORS: dict[int, tuple[str, str]] = {
    400: ("InvalidRequestError", "send the body as JSON in UTF-8"),
    401: ("NotAuthenticatedError", "log in, or send a valid token as `Authorization: Bearer ...`"),
    403: ("NotAuthorizedError", "ask an administrator for the permission, or get a new token"),
    404: ("NotFoundError", "see docs/openapi.json for the routes"),
    405: ("MethodNotAllowedError", "see docs/openapi.json for the methods of this route"),
    409: ("ConflictError", "wait for the first request, then send this one again"),
    413: ("InputTooLargeError", "send less, or raise [wfintel] max_request_bytes"),
    422: ("InvalidRequestError", "see docs/openapi.json for the form of the request"),
    429: ("TooManyRequestsError", "wait as long as `Retry-After` says, or raise [wfintel] rate_limit"),
}


def status_of(error: WfIntelError) -> int:
    """The HTTP status that an error of the package gets.

    What Airflow itself said of something that is missing or not allowed is handed on as it is.
    """
    if isinstance(error, RemoteError) and error.status in (401, 403, 404):
        return error.status
    return next(status for kind, status in _STATUS if isinstance(error, kind))


def register_error_handlers(app: FastAPI) -> None:
    """Make the app answer every expected error in our form."""
    app.add_exception_handler(WfIntelError, _on_own_error)
    app.add_exception_handler(SQLAlchemyError, _on_database_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(Replayed, _on_replayed)


def _on_own_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, WfIntelError)  # noqa: S101 - registered for this class only
    return JSONResponse(error.as_dict(), status_code=status_of(error))


def _on_database_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, SQLAlchemyError)  # noqa: S101 - registered for this class only
    return _on_own_error(request, as_store_error(error))


def _on_invalid_request(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    # Only where and what: the offending input itself is not repeated.
    places = [
        (".".join(str(part) for part in item["loc"] if part != "body") or "body", str(item["msg"]))
        for item in error.errors()
    ]
    body = {
        "error": "; ".join(f"{place}: {message}" for place, message in places[:5]),
        "error_type": "InvalidRequestError",
        "hint": "see docs/openapi.json for the form of the request",
        "retryable": False,
    }
    return JSONResponse(body, status_code=422)


def _on_replayed(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Replayed)  # noqa: S101 - registered for this class only
    return error.response()


def _on_http_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    error_type, hint = _HTTP_ERRORS.get(error.status_code, ("HttpError", ""))
    body = {
        "error": str(error.detail),
        "error_type": error_type,
        "hint": hint,
        "retryable": error.status_code in _RETRYABLE,
    }
    return JSONResponse(body, status_code=error.status_code, headers=error.headers)
