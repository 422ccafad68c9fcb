"""A database with Airflow's tables and ours, on each dialect, empty at the start of every test."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.orm import sessionmaker

from airflow_provider_wfintel.store.tables import Base
from tests.integration.monitoring.world import World, empty_tables, make_tables


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def made_engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    if request.param == "sqlite":
        engine = quick(create_engine(f"sqlite:///{tmp_path_factory.mktemp('db') / 'airflow.db'}"))
        make_tables(engine)
        yield engine
        engine.dispose()
        return
    server = request.getfixturevalue("postgres_server")
    name = f"wfintel_test_{secrets.token_hex(6)}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine = create_engine(make_url(server).set(database=name))
    make_tables(engine)
    yield engine
    engine.dispose()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def quick(engine: Engine) -> Engine:
    """As fast as a file can be; nobody pulls the plug here."""

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=OFF")

    return engine


@pytest.fixture
def engine(made_engine: Engine) -> Engine:
    Base.metadata.create_all(made_engine)
    empty_tables(made_engine)
    return made_engine


@pytest.fixture
def make_world(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Callable[..., World]:
    return lambda seed=0, **options: World(engine, seed, monkeypatch, **options)


@pytest.fixture
def wfintel(
    made_engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """`airflow wfintel …` with that database: exit status, stdout, stderr."""
    from airflow import settings
    from airflow.cli.cli_parser import get_parser

    monkeypatch.setattr(settings, "NonScopedSession", sessionmaker(made_engine))

    def call(*arguments: str) -> tuple[int, str, str]:
        args = get_parser().parse_args(["wfintel", *arguments])
        status = 0
        try:
            args.func(args)
        except SystemExit as stopped:
            status = int(stopped.code or 0)
        return (status, *capsys.readouterr())

    return call
