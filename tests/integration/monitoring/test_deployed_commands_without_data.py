"""`airflow wfintel health|anomalies|forecast|insights|report` where nothing is collected or our tables are missing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from airflow_provider_wfintel.store.tables import Base

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("engine")]

Command = Callable[..., tuple[int, str, str]]

COMMANDS = ("health", "anomalies", "forecast", "insights", "report")


@pytest.mark.parametrize("command", COMMANDS)
def test_not_enough_data_is_said_with_what_to_do(wfintel: Command, command: str) -> None:
    status, out, err = wfintel(command)
    assert (status, out) == (1, "")
    assert "not enough data" in err
    assert "airflow wfintel monitor --once" in err


@pytest.mark.parametrize("command", COMMANDS)
def test_without_our_tables_the_migration_is_named(wfintel: Command, engine: Engine, command: str) -> None:
    Base.metadata.drop_all(engine)
    status, out, err = wfintel(command)
    assert (status, out) == (1, "")
    assert "tables are missing" in err
    assert "airflow db migrate" in err
