"""A migrated database, an api-server in process, and PostgreSQL if there is one."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient
    from sqlalchemy.orm import Session

POSTGRES = os.environ.get("WFINTEL_TEST_POSTGRES", "postgresql+psycopg2://postgres@127.0.0.1:5432/postgres")

ROLES = ("viewer", "user", "op", "admin")


@pytest.fixture(scope="session")
def airflow_db() -> None:
    """Airflow's database, created the way `airflow db migrate` does it on an empty one."""
    from airflow.utils.db import initdb

    initdb()


@pytest.fixture
def session(airflow_db: None) -> Iterator[Session]:
    """A session on that database; what it wrote is rolled back."""
    from airflow import settings

    with settings.NonScopedSession() as session:
        yield session
        session.rollback()


@pytest.fixture(scope="session")
def api_server(airflow_db: None) -> FastAPI:
    """Airflow's own app with our plugin mounted in it."""
    from airflow.api_fastapi.app import create_app

    return create_app(apps="core")


@pytest.fixture(scope="session")
def client_as(api_server: FastAPI) -> Callable[[str], TestClient]:
    """Clients by role: `nobody`, `viewer`, `user`, `op`, `admin`."""
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
    from fastapi.testclient import TestClient

    def make(role: str) -> TestClient:
        headers = {}
        if role != "nobody":
            user = SimpleAuthManagerUser(username=f"the_{role}", role=role)
            headers["Authorization"] = f"Bearer {get_auth_manager().generate_jwt(user)}"
        return TestClient(api_server, headers=headers, raise_server_exceptions=False)

    return make


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """The URL of a PostgreSQL server. Without one the test is skipped, but never in CI."""
    from sqlalchemy import create_engine
    from sqlalchemy.exc import OperationalError

    engine = create_engine(POSTGRES, connect_args={"connect_timeout": 3})
    try:
        engine.connect().close()
    except OperationalError as error:
        reason = f"no PostgreSQL at 127.0.0.1:5432 (user postgres): {str(error.orig).splitlines()[0]}"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    finally:
        engine.dispose()
    return POSTGRES


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of an empty database, dropped afterwards."""
    from sqlalchemy import create_engine, make_url, text

    name = f"wfintel_test_{secrets.token_hex(6)}"
    engine = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        yield make_url(postgres_server).set(database=name).render_as_string(hide_password=False)
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of an empty database, once on each dialect."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('db') / 'store.db'}"
    return str(request.getfixturevalue("postgres_url"))
