"""A database that accepts every statement, writes it down and answers rows of the asked shape."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from airflow_provider_wfintel.host.trial.answers import rows_for
from airflow_provider_wfintel.host.trial.recorder import Recorder

__all__ = ["StandInConnection", "StandInCursor"]


class StandInCursor:
    """A DB-API cursor."""

    arraysize = 1
    connection: StandInConnection

    def __init__(self, connection: StandInConnection) -> None:
        self.connection = connection
        self.description: list[tuple[Any, ...]] | None = None
        self.rowcount = -1
        self.sfqid = self.query_id = self.statusmessage = "sample"
        self._rows: list[tuple[Any, ...]] = []

    def execute(self, sql: Any, parameters: Any = None, *_: Any, **__: Any) -> StandInCursor:
        """Write the statement down; rows come for a query."""
        text = sql.as_string(None) if hasattr(sql, "as_string") else str(sql)
        self.connection.record(text, parameters)
        columns, self._rows = rows_for(text, has_rows=self.connection.recorder.has_rows)
        self.description = [(name, None, None, None, None, None, None) for name in columns] or None
        self.rowcount = len(self._rows) if columns else 1
        return self

    def executemany(self, sql: Any, parameters: Sequence[Any], *_: Any, **__: Any) -> StandInCursor:
        """Write the statement down with its rows."""
        self.connection.record(str(sql), list(parameters))
        self.rowcount = len(parameters)
        return self

    def copy_expert(self, sql: Any, file: Any, *_: Any) -> None:
        """PostgreSQL's COPY from or to a file."""
        text = str(sql)
        self.connection.record(text, None)
        if re.search(r"(?i)\bto\s+stdout", text):
            file.write("1,sample 1\n" if "b" not in getattr(file, "mode", "") else b"1,sample 1\n")

    def callproc(self, name: str, parameters: Any = ()) -> Any:
        """Call a stored procedure."""
        self.connection.record(f"CALL {name}", parameters)
        return parameters

    def fetchone(self) -> Any:
        """The next row."""
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """The next rows."""
        rows, self._rows = self._rows[: size or 1], self._rows[size or 1 :]
        return rows

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        rows, self._rows = self._rows, []
        return rows

    def nextset(self) -> bool:
        """There is one result only."""
        return False

    def close(self) -> None:
        """Nothing to close."""

    def __iter__(self) -> Iterator[Any]:
        while self._rows:
            yield self._rows.pop(0)

    def __enter__(self) -> StandInCursor:
        return self

    def __exit__(self, *_: object) -> None:
        return None


class _Switch:
    """Some drivers have a method to switch autocommit, others an attribute."""

    def __call__(self, *_: Any) -> None:
        """Nothing to switch."""

    def __bool__(self) -> bool:
        return True


class StandInConnection:
    """A DB-API connection."""

    autocommit: Any = _Switch()
    closed = False
    notices: tuple[str, ...] = ()
    encoding = "utf-8"
    info = None

    def __init__(self, recorder: Recorder, service: str) -> None:
        self.recorder = recorder
        self.service = service

    @property
    def adapters(self) -> Any:
        """What psycopg registers its types with."""
        import psycopg

        return psycopg.adapters

    def record(self, sql: str, parameters: Any) -> None:
        """Write one statement down under its first word and its table."""
        word = re.match(r"\s*(\w+)", sql)
        table = re.search(
            r"(?i)\b(?:from|into|update|table(?:\s+if\s+(?:not\s+)?exists)?|call|copy)\s+([\w.\"`]+)", sql
        )
        payload = f"{sql} {parameters}" if parameters else sql
        self.recorder.add("wire", self.service, word[1].upper() if word else "SQL", table[1] if table else "", payload)

    def cursor(self, *_: Any, **__: Any) -> StandInCursor:
        """A new cursor."""
        return StandInCursor(self)

    def execute(self, sql: Any, parameters: Any = None, **__: Any) -> StandInCursor:
        """Some drivers run statements on the connection."""
        return self.cursor().execute(sql, parameters)

    def get_autocommit(self) -> bool:
        """How MySQL's driver tells."""
        return True

    def commit(self, *_: Any) -> None:
        """Nothing to do."""

    def rollback(self) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing to do."""

    def __enter__(self) -> StandInConnection:
        return self

    def __exit__(self, *_: object) -> None:
        return None
