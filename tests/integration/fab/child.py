"""Airflow with the FAB auth manager, in a process of its own: what its roles get from each route.

    python -m tests.integration.fab.child

Needs an empty `AIRFLOW_HOME`, the FAB auth manager in the environment, and its distribution. Makes the tables, one
user for each role and for each row of `accounts.py`, logs them in with their passwords, and prints what they were
answered as JSON: `{"routes": {role: {"GET /path": status}}, "accounts": {account: {call: "" or what was refused}}}`.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from airflow_provider_wfintel.host import connections_in_use as in_use
from tests.integration.api_things import ASKS, NAMED, THING, put_things
from tests.integration.fab.accounts import ACCOUNTS, Right, calls_of

ROLES = ("Viewer", "User", "Op", "Admin")


def main() -> int:
    """Make the users, ask as each of them, print what was answered."""
    from airflow.api_fastapi.app import create_app
    from airflow.utils.db import initdb

    initdb()
    app = create_app(apps="core")
    password = secrets.token_urlsafe(16)
    add_users(password)
    routes = {role: ask_all(app, role.lower(), password) for role in ROLES}
    put_things()
    connection_in_use()
    accounts = {name: answers_of(app, name, password) for name in names_of_accounts()}
    sys.stdout.write("\n" + json.dumps({"routes": routes, "accounts": accounts}) + "\n")
    return 0


def connection_in_use() -> None:
    """A connection that a DAG names."""
    from airflow.models.connection import Connection
    from airflow.utils.session import create_session

    in_use.connections_in_use = lambda _session, _dag_id="": {THING: (THING,)}  # type: ignore[assignment]
    with create_session() as session:
        session.add(Connection(conn_id=THING, conn_type="http", host="http://127.0.0.1:9"))


def names_of_accounts() -> Iterable[str]:
    """Each account with all of its rights, and once without each of them."""
    for account in ACCOUNTS:
        yield account.name
        yield from (f"{account.name}, not {action} {thing}" for action, thing in account.rights)


def rights_of(name: str) -> tuple[Right, ...]:
    """The rights of an account of that name."""
    whole, _, without = name.partition(", not ")
    rights = next(account.rights for account in ACCOUNTS if account.name == whole)
    return tuple(right for right in rights if f"{right[0]} {right[1]}" != without)


def user_of(name: str) -> str:
    """A name to log in with."""
    return name.replace(", ", "_").replace(" ", "_").lower()


def add_users(password: str) -> None:
    """One user for each role of FAB's own, one with a role of its own for each account."""
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder

    with get_application_builder() as builder:
        manager = builder.sm
        manager.sync_roles()

        def add(user: str, role: Any) -> None:
            if not manager.add_user(user, user, user, f"{user}@example.org", role, password):
                raise SystemExit(f"the user {user} was not made")

        for role in ROLES:
            add(role.lower(), manager.find_role(role))
        for name in names_of_accounts():
            made = manager.add_role(name)
            for action, thing in rights_of(name):
                right = manager.get_permission(action, thing) or manager.create_permission(action, thing)
                manager.add_permission_to_role(made, right)
            add(user_of(name), made)


def client_of(app: FastAPI, user: str, password: str) -> TestClient:
    """A client that has logged in as anybody does."""
    client = TestClient(app, raise_server_exceptions=False)
    answer = client.post("/auth/token", json={"username": user, "password": password})
    if answer.status_code != 201:
        raise SystemExit(f"{user} cannot log in: {answer.status_code} {answer.text[:300]}")
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return client


def ask_all(app: FastAPI, user: str, password: str) -> dict[str, int]:
    """The status of every route for a user; the things are made anew for each."""
    client, found = client_of(app, user, password), {}
    for (method, path), ask in ASKS.items():
        put_things()
        for saved in Path(os.environ["AIRFLOW__WFINTEL__DAGS_SAVE_FOLDER"]).glob("*.py"):
            saved.unlink()
        answer = client.request(method, path.format(**NAMED), json=ask.body, params=ask.query)
        found[f"{method} {path}"] = answer.status_code
    return found


def answers_of(app: FastAPI, name: str, password: str) -> dict[str, str]:
    """For each call of an account nothing, or what it lacks."""
    client, found = client_of(app, user_of(name), password), {}
    for call in calls_of(name.partition(", not ")[0]):
        answer = client.request(call.method, call.path, json=call.body, params=call.query)
        refused = answer.status_code in (401, 403) or call.needs not in answer.text
        found[call.name] = f"{answer.status_code} {answer.text[:200]}" if refused else ""
    return found


if __name__ == "__main__":
    raise SystemExit(main())
