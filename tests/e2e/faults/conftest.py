"""The server that these tests need; without it they are skipped, but never in CI."""

from __future__ import annotations

from tests.integration.conftest import postgres_server

__all__ = ["postgres_server"]
