"""Which of Airflow's permissions each route asks for, as `docs/how-to/least-privilege.md` says.

`WFINTEL_WRITE_DOCS=1` writes the table anew.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from airflow_provider_wfintel.host import connections_in_use as in_use
from tests.integration.api_things import ASKS, NAMED, OWN, THING, forget_things, put_things

pytestmark = pytest.mark.integration

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "least-privilege.md"
BEGIN, END = "<!-- routes: made by tests/integration/test_permissions.py -->\n", "<!-- end of routes -->"
ASKED = (
    "is_authorized_dag",
    "is_authorized_connection",
    "is_authorized_pool",
    "is_authorized_variable",
    "is_authorized_asset",
)
LISTED = {
    "get_authorized_dag_ids": "DAG", "get_authorized_connections": "Connection", "get_authorized_pools": "Pool",
}  # fmt: skip


@pytest.fixture(autouse=True)
def things(airflow_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One of each thing that a path names, and a folder that DAGs may be saved to."""
    monkeypatch.setenv("AIRFLOW__WFINTEL__DAGS_SAVE_FOLDER", str(tmp_path))
    monkeypatch.setenv("AIRFLOW__WFINTEL__SAVE_OVER_REST", "True")
    # A connection that a DAG names, whatever the DAGs of other tests have named.
    monkeypatch.setattr(in_use, "connections_in_use", lambda _session, _dag_id="": {THING: (THING,)})
    put_things()
    yield
    forget_things()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, client_as: Any) -> set[str]:
    """What the auth manager is asked while a request is served."""
    from airflow.api_fastapi.app import get_auth_manager

    manager, seen = get_auth_manager(), set[str]()
    depth = [0]

    def watch(name: str, word: Callable[[dict[str, Any]], str]) -> None:
        real = getattr(manager, name)

        def recorded(*args: Any, **kwargs: Any) -> Any:
            # A list is one question, however the manager answers it.
            if not depth[0]:
                seen.add(word(kwargs))
            depth[0] += 1
            try:
                return real(*args, **kwargs)
            finally:
                depth[0] -= 1

        monkeypatch.setattr(manager, name, recorded)

    for name in ASKED:
        what = {"dag": "DAG"}.get(name.removeprefix("is_authorized_"), name.removeprefix("is_authorized_").title())
        watch(
            name,
            lambda kwargs, what=what: (
                f"{kwargs['method']} {what}"  # type: ignore[misc]
                + (f".{kwargs['access_entity'].value}" if kwargs.get("access_entity") is not None else "")
            ),
        )
    for name, what in LISTED.items():
        watch(name, lambda kwargs, what=what: f"{kwargs.get('method', 'GET')} {what}")  # type: ignore[misc]
    return seen


def test_the_page_names_what_each_route_asks_for(client_as: Callable[[str], TestClient], asked: set[str]) -> None:
    client, rows = client_as("admin"), []
    for (method, path), ask in sorted(ASKS.items(), key=lambda item: (item[0][1], item[0][0])):
        put_things()
        asked.clear()
        client.request(method, path.format(**NAMED), json=ask.body, params=ask.query)
        rows.append(f"| `{method} {path.removeprefix(OWN)}` | {', '.join(sorted(asked)) or 'a login'} |\n")
    table = "\n| route | asks for |\n|---|---|\n" + "".join(rows) + "\n"
    text = PAGE.read_text(encoding="utf-8")
    begin, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    if os.environ.get("WFINTEL_WRITE_DOCS"):
        PAGE.write_text(text[:begin] + table + text[end:], encoding="utf-8")
        return
    assert text[begin:end] == table, "run it with WFINTEL_WRITE_DOCS=1 and look at the difference"


def test_the_service_accounts_role_is_enough_and_no_more(client_as: Callable[[str], TestClient]) -> None:
    """What the page says of Airflow's own roles: `user` for the account, `op` only where pools and the like are set."""
    user, viewer = client_as("user"), client_as("viewer")
    needed = re.findall(
        r"^\| `(GET|POST) (/workflows/[a-z/-]+)`[^|]*\| (?:self-diagnosis|operators)", PAGE.read_text(), re.M
    )
    assert len(needed) >= 6
    statuses = {"user": [], "viewer": []}  # type: dict[str, list[int]]
    for method, path in needed:
        ask = ASKS[method, f"{OWN}{path}"]
        for role, client in (("user", user), ("viewer", viewer)):
            statuses[role].append(client.request(method, f"{OWN}{path}", json=ask.body, params=ask.query).status_code)
    assert not {401, 403} & set(statuses["user"])
    assert 403 in statuses["viewer"], "a viewer would do, so the page asks for too much"
