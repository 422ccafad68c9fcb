"""Whoever ends these tests by a signal ends the processes that they have started."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from airflow_provider_wfintel.cli.demo.processes import ends_on_signals


@pytest.fixture(scope="session", autouse=True)
def _signals() -> Iterator[None]:
    with ends_on_signals():
        yield
