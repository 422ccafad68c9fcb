"""The API guide: every route has an example with curl, and each of them works."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient

from airflow_provider_wfintel.api.app import create_app
from airflow_provider_wfintel.api.schema import routes_of
from tests.integration.api_things import AUTOMATION, SESSIONS, forget_things, put_things

pytestmark = pytest.mark.integration

GUIDE = (Path(__file__).parents[2] / "docs" / "how-to" / "rest-api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^`(\w+) (/api/\S+)`.*?\n\n```bash\n(.*?)\n```", GUIDE, re.MULTILINE | re.DOTALL)
# A deployment runs nothing unless it is allowed; Airflow has no such task instance, and nothing has been set to undo.
REFUSED = {
    f"{AUTOMATION}/try": 403,
    SESSIONS: 404,
    f"{SESSIONS}/matrix/resolve": 404,
    f"{SESSIONS}/matrix/undo": 422,
}

ClientAs = Callable[[str], TestClient]


@pytest.fixture(autouse=True)
def things(airflow_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AIRFLOW__WFINTEL__DAGS_SAVE_FOLDER", str(tmp_path))
    monkeypatch.setenv("AIRFLOW__WFINTEL__SAVE_OVER_REST", "True")
    put_things()
    yield
    forget_things()


def test_every_route_has_an_example() -> None:
    routes = [(method, route.path_format) for route in routes_of(create_app()) for method in route.methods]
    assert sorted((method, path) for method, path, _ in EXAMPLES) == sorted(routes)


@pytest.mark.parametrize(("method", "path", "command"), EXAMPLES, ids=[f"{m} {p}" for m, p, _ in EXAMPLES])
def test_an_example_works_as_it_stands(client_as: ClientAs, method: str, path: str, command: str) -> None:
    words = shlex.split(command.replace("\\\n", " ").replace("$KEY", "k1").replace("$AIRFLOW", "http://airflow"))
    assert words.pop(0) == "curl"
    asked, headers, body, address = "GET", {}, None, ""
    while words:
        word = words.pop(0)
        if word == "-X":
            asked = words.pop(0)
        elif word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = words.pop(0)
        elif word != "-sS":
            address = word
    assert asked == method
    assert headers.pop("Authorization") == "Bearer $TOKEN"
    place = urlsplit(address)
    assert re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", f"/wfintel{path}"), place.path)
    answer = client_as("admin").request(method, f"{place.path}?{place.query}", content=body, headers=headers)
    if method == "POST" and place.path in REFUSED:
        assert answer.status_code == REFUSED[place.path], answer.text
    else:
        assert answer.is_success, answer.text
