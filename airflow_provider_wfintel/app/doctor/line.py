"""What a check sees and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from airflow_provider_wfintel.config import Settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["Check", "Line", "Scene", "State", "fail", "ok", "warn"]

State = Literal["ok", "warn", "fail"]
Sessions = Callable[[], "AbstractContextManager[Session]"]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at.

    Attributes:
        check: name of the check, filled in by `examine`.
        state: `ok`; `warn`: it works, but not as well as it should or not for long; `fail`: something does not work.
        said: what was seen.
        fix: what to do about it; empty if nothing needs to be done.
    """

    check: str
    state: State
    said: str
    fix: str = ""


def ok(said: str) -> Line:
    """All is well."""
    return Line("", "ok", said)


def warn(said: str, fix: str) -> Line:
    """It works, but not as well as it should or not for long."""
    return Line("", "warn", said, fix)


def fail(said: str, fix: str) -> Line:
    """Something does not work."""
    return Line("", "fail", said, fix)


@dataclass(frozen=True, slots=True)
class Scene:
    """What checks may look at.

    Attributes:
        sessions: opens sessions on the metadata database.
        settings: the `[wfintel]` section; the defaults if it cannot be read, which the check `settings` tells.
        clock: the present of this process, with its zone.
        may_write: whether a check may try out a write that it takes back.
        send_test: whether receivers of alerts get a test message.
    """

    sessions: Sessions
    settings: Settings
    clock: Callable[[], datetime]
    may_write: bool = True
    send_test: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """A check: its name, its look, and whether it needs the database."""

    name: str
    look: Callable[[Scene], Iterable[Line]]
    needs_database: bool = True
