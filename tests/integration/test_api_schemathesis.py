"""Schemathesis on every route of the app: no fault of ours, no answer against the schema.

The caller may everything. What is sent follows the schema or breaks it in one place; names in paths are made up, or
those of things that exist. The same requests are sent each time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from airflow_provider_wfintel.api.app import create_app
from airflow_provider_wfintel.api.rates import Rates
from airflow_provider_wfintel.api.routes import alerts, automation
from airflow_provider_wfintel.api.schema import routes_of
from tests.integration.api_things import NAMED, forget_things, put_things

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]

EXAMPLES = 6
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ClientAs = Callable[[str], TestClient]


DOCUMENTED = Path(__file__).parents[2] / "docs" / "openapi.json"
SCHEMA = schemathesis.openapi.from_dict(
    {
        **json.loads((Path(__file__).parents[2] / "docs" / "openapi.json").read_text(encoding="utf-8")),
        "servers": [{"url": "/wfintel"}],
    }
)
"""As it is in the documentation; another test holds that against the app."""
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]


@pytest.fixture(scope="module", autouse=True)
def app(api_server: FastAPI, client_as: ClientAs, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The app behind the schema, without a limit of rates and with a folder that DAGs may be saved to."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRFLOW__WFINTEL__DAGS_SAVE_FOLDER", str(tmp_path_factory.mktemp("saved")))
        patch.setenv("AIRFLOW__WFINTEL__SAVE_OVER_REST", "True")
        client_as("admin").get("/wfintel/api/health")
        lazy: Any = next(route for route in api_server.routes if getattr(route, "path", "") == "/wfintel")
        patch.setitem(lazy.app._app.state._state, "rates", Rates("", "memory://"))
        patch.setattr(SCHEMA, "app", api_server)
        for operation in OPERATIONS:
            patch.setattr(operation, "app", api_server)
        yield
    forget_things()


@pytest.fixture(scope="module")
def token(client_as: ClientAs) -> dict[str, str]:
    return {"Authorization": client_as("admin").headers["Authorization"]}


def ask(operation: APIOperation, mode: GenerationMode, token: dict[str, str]) -> None:
    """Requests of one route, each of them also about the things that are there."""

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def asked(case: Case) -> None:
        case.call_and_validate(headers=token, checks=CHECKS)
        if case.path_parameters:
            if case.method != "GET":
                put_things()
            case.path_parameters = {name: NAMED[name] for name in case.path_parameters}
            case.call_and_validate(headers=token, checks=CHECKS)

    asked()


@pytest.mark.parametrize("operation", OPERATIONS, ids=[item.label for item in OPERATIONS])
def test_no_request_is_answered_with_a_fault_or_against_the_schema(
    operation: APIOperation, token: dict[str, str]
) -> None:
    put_things()
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        ask(operation, mode, token)


def test_every_route_is_among_them() -> None:
    asked = {(item.method.upper(), item.path) for item in OPERATIONS}
    assert asked == {(method, route.path_format) for route in routes_of(create_app()) for method in route.methods}


def test_a_fault_would_be_noticed(token: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr(automation, "list_examples", fail)
    operation = next(item for item in OPERATIONS if item.path.endswith("/templates"))
    with pytest.raises(FailureGroup, match="Server error"):
        ask(operation, GenerationMode.POSITIVE, token)


def test_an_answer_against_the_schema_would_be_noticed(token: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts.alert_desk, "rules", lambda _session: (_ for _ in ()).throw(HTTPException(418)))
    operation = next(item for item in OPERATIONS if item.path.endswith("/alert-rules") and item.method == "get")
    with pytest.raises(FailureGroup, match="Undocumented status code"):
        ask(operation, GenerationMode.POSITIVE, token)
