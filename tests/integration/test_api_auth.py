"""Every route is denied by default: bad credentials, other methods, hidden pages. Who may call what is the matrix."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from tests.integration.api_things import ASKS, AUTOMATION, MONITORING, OWN

pytestmark = pytest.mark.integration


ClientAs = Callable[[str], TestClient]


@pytest.mark.parametrize(("method", "path"), list(ASKS))
def test_a_damaged_token_is_refused(client_as: ClientAs, method: str, path: str) -> None:
    client = client_as("nobody")
    answer = client.request(method, path, json=ASKS[method, path].body, headers={"Authorization": "Bearer garbage"})
    assert answer.status_code == 403
    assert answer.json()["error_type"] == "NotAuthorizedError"


@pytest.mark.parametrize(("method", "path"), list(ASKS))
def test_a_token_signed_by_somebody_else_is_refused(client_as: ClientAs, method: str, path: str) -> None:
    import jwt

    forged = jwt.encode({"sub": "the_admin", "role": "admin", "aud": "apache-airflow"}, "x" * 64, algorithm="HS512")
    answer = client_as("nobody").request(
        method, path, json=ASKS[method, path].body, headers={"Authorization": f"Bearer {forged}"}
    )
    assert answer.status_code in (401, 403)


def test_the_cookie_of_the_user_interface_is_enough(client_as: ClientAs) -> None:
    token = client_as("admin").headers["Authorization"].removeprefix("Bearer ")
    client = client_as("nobody")
    client.cookies.set("_token", token)
    assert client.get(f"{OWN}/health").status_code == 200


def test_a_body_of_nobody_is_not_even_parsed(client_as: ClientAs) -> None:
    headers = {"Content-Type": "application/json"}
    answer = client_as("nobody").post(f"{AUTOMATION}/generate", content=b"{", headers=headers)
    assert answer.status_code == 401
    assert client_as("admin").post(f"{AUTOMATION}/generate", content=b"{", headers=headers).status_code == 422


def test_an_airflow_without_login_needs_no_credentials(client_as: ClientAs, monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow.api_fastapi.auth.managers.simple.middleware import SimpleAllAdminMiddleware

    monkeypatch.setenv("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS", "True")
    app = SimpleAllAdminMiddleware(client_as("nobody").app)
    assert TestClient(app).get(f"{OWN}/health").status_code == 200


@pytest.mark.parametrize("page", ["/docs", "/redoc", "/openapi.json", "/docs/oauth2-redirect"])
def test_there_are_no_public_pages(client_as: ClientAs, page: str) -> None:
    assert client_as("nobody").get(f"/wfintel{page}").status_code == 401
    assert client_as("admin").get(f"/wfintel{page}").status_code == 404


@pytest.mark.parametrize("parameter", ["dag_id=mine", "dag_id=~"])
def test_a_query_parameter_does_not_widen_what_is_allowed(client_as: ClientAs, parameter: str) -> None:
    answer = client_as("viewer").post(f"{AUTOMATION}/validate?{parameter}", json={"source": "x = 1\n"})
    assert answer.status_code == 403


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", sorted({path for _, path in ASKS}))
def test_other_methods_are_not_allowed(client_as: ClientAs, method: str, path: str) -> None:
    # One path may be the form of another: `alert-rules/schema` is also a rule of that name.
    forms = {form for form in {path, f"{MONITORING}/alert-rules/{{rule_id}}"} if path.startswith(form.split("{")[0])}
    if any((method, form) in ASKS for form in forms):
        return
    answer = client_as("admin").request(method, path)
    assert answer.status_code == 405
    assert answer.json()["error_type"] == "MethodNotAllowedError"
