"""Whatever is sent to a route: an answer or an error in our form, never a fault of the server."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[2]
API = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
FUZZ = settings(
    max_examples=max(6, int(os.environ.get("WFINTEL_FUZZ_EXAMPLES", "0")) // 20),
    derandomize="WFINTEL_FUZZ_EXAMPLES" not in os.environ,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(allow_nan=False), st.text(max_size=30),
    st.sampled_from(["", "~", "../../etc/passwd", "a" * 300, "\x00", "'; DROP TABLE dag; --", "{{ 1 }}", "%s", "\ud800", "2026-13-40T99:00:00Z", "mine"]),
    st.lists(st.text(max_size=5), max_size=3), st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
)  # fmt: skip


def addressable(name: str) -> bool:
    """What a client sends as it is and what Airflow hands to a mounted app: no dots to be resolved, no line ends."""
    return name not in (".", "..") and not set(name) & set("\n\r\u2028\u2029\x85\v\f\x1c\x1d\x1e")


def schema_of(part: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in part:
        part = API["components"]["schemas"][part["$ref"].rpartition("/")[2]]
    return part


def bodies(part: dict[str, Any], depth: int = 0) -> st.SearchStrategy[Any]:
    """Values in the form that a schema asks for, with something else in one place in five."""
    part = schema_of(part)
    return st.integers(0, 4).flatmap(lambda dice: ODD if dice == 0 else fitting(part, depth))


def fitting(part: dict[str, Any], depth: int) -> st.SearchStrategy[Any]:
    if "anyOf" in part:
        return st.sampled_from(part["anyOf"]).flatmap(lambda one: bodies(one, depth))
    if "enum" in part:
        return st.sampled_from(part["enum"])
    kind = part.get("type")
    if kind == "object" and "properties" in part and depth < 4:
        names = part["properties"]
        needed = {name: bodies(one, depth + 1) for name, one in names.items() if name in part.get("required", ())}
        optional = {name: bodies(one, depth + 1) for name, one in names.items() if name not in needed}
        return st.fixed_dictionaries(needed, optional=optional)
    if kind == "array" and depth < 4:
        return st.lists(bodies(part.get("items", {}), depth + 1), max_size=3)
    plain = {
        "string": st.one_of(st.text(max_size=40), st.sampled_from(["Run the shell command `date` every day at 06:00 UTC", "mine"])),
        "integer": st.integers(-5, 5000),
        "number": st.floats(-1e9, 1e9),
        "boolean": st.booleans(),
    }  # fmt: skip
    return plain.get(str(kind), ODD)


ROUTES = [(method.upper(), path, route) for path, item in API["paths"].items() for method, route in item.items()]


@pytest.mark.parametrize(("method", "path", "route"), ROUTES, ids=[f"{method} {path}" for method, path, _ in ROUTES])
def test_a_route(client_as: Callable[[str], TestClient], method: str, path: str, route: dict[str, Any]) -> None:
    client = client_as("admin")
    parameters = route.get("parameters", [])
    content = route.get("requestBody", {}).get("content", {}).get("application/json", {})
    query = st.fixed_dictionaries({}, optional={p["name"]: ODD for p in parameters if p["in"] == "query"})
    places = st.fixed_dictionaries(
        {p["name"]: st.text(min_size=1, max_size=20).filter(addressable) for p in parameters if p["in"] == "path"}
    )

    @FUZZ
    @given(query, places, bodies(content["schema"]) if content else st.none())
    def sent(asked: dict[str, Any], named: dict[str, str], body: Any) -> None:
        from urllib.parse import quote

        url = path
        for name, value in named.items():
            url = url.replace(f"{{{name}}}", quote(value, safe=""))
        # An address holds no objects, and no half of a character.
        asked = {
            name: value
            for name, value in copy.deepcopy(asked).items()
            if not isinstance(value, dict) and "\ud800" not in (value if isinstance(value, str | list) else "")
        }
        arguments: dict[str, Any] = (
            {"content": json.dumps(body), "headers": {"Content-Type": "application/json"}} if content else {}
        )
        answer = client.request(method, f"/wfintel{url}", params=asked, **arguments)
        assert answer.status_code < 500 or answer.json()["error_type"] in ("RemoteError", "GeneratedCodeError"), (
            answer.text, url, asked, body,
        )  # fmt: skip
        if answer.status_code >= 400:
            assert set(answer.json()) == {"error", "error_type", "hint", "retryable"}

    sent()
