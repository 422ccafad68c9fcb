"""Use case: look at a deployment and say, line by line, what is well and what is to be done."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from airflow_provider_wfintel.app.doctor import (
    alerts,
    bundle,
    clock,
    collector,
    components,
    database,
    disk,
    entry_points,
    lease,
    listener,
    migrations,
    permissions,
    retention,
    settings,
    versions,
)
from airflow_provider_wfintel.app.doctor.line import Check, Line, Scene, Sessions, fail
from airflow_provider_wfintel.config import Settings, read_settings
from airflow_provider_wfintel.exceptions import StoreError, WfIntelError

__all__ = ["CHECKS", "examine", "make_scene", "status_of"]

log = logging.getLogger(__name__)

CHECKS: tuple[Check, ...] = (
    versions.CHECK,
    settings.CHECK,
    entry_points.CHECK,
    disk.CHECK,
    database.CHECK,
    migrations.CHECK,
    permissions.CHECK,
    components.CHECK,
    clock.CHECK,
    collector.CHECK,
    lease.CHECK,
    listener.CHECK,
    retention.CHECK,
    alerts.CHECK,
    bundle.CHECK,
)
_STATUS = {"ok": 0, "warn": 1, "fail": 2}


def make_scene(
    sessions: Sessions | None = None,
    *,
    clock: Callable[[], datetime] | None = None,
    may_write: bool = True,
    send_test: bool = False,
) -> Scene:
    """What the checks look at in this process.

    Args:
        sessions: opens sessions on the metadata database; on Airflow's by default.
        clock: the present, with its zone.
        may_write: whether a check may try out a write that it takes back.
        send_test: whether receivers of alerts get a test message.
    """
    from airflow_provider_wfintel.host.session import metadata_session
    from airflow_provider_wfintel.store.base import utc_now

    try:
        found = read_settings()
    except WfIntelError:
        found = Settings()  # the check `settings` says what is wrong
    return Scene(sessions or metadata_session, found, clock or utc_now, may_write, send_test)


def examine(scene: Scene, checks: Sequence[Check] = CHECKS) -> tuple[Line, ...]:
    """All lines of all checks, in their order. A check that breaks is a line that fails, and the others go on.

    When the database does not answer, what needs it is told once for each check without being tried.
    """
    lines: list[Line] = []
    reached = True
    for check in checks:
        if check.needs_database and not reached:
            lines.append(Line(check.name, "fail", "not looked at: the database does not answer", "see above"))
            continue
        for line in _guarded(check, scene):
            lines.append(replace(line, check=check.name))
            if check.name == database.CHECK.name and line.state == "fail" and line.fix == _NO_DATABASE:
                reached = False
    return tuple(lines)


_NO_DATABASE = "see that the database is up and that [database] sql_alchemy_conn is right (`airflow db check`)"


def _guarded(check: Check, scene: Scene) -> Iterator[Line]:
    try:
        yield from check.look(scene)
    except StoreError as error:
        yield fail(error.message, _NO_DATABASE if check.name == database.CHECK.name else error.hint)
    except WfIntelError as error:
        yield fail(error.message, error.hint)
    except Exception as error:  # a doctor who breaks down says so and looks at the rest
        log.debug("the check %s broke", check.name, exc_info=True)
        yield fail(f"the check itself broke: {type(error).__name__}", "please report it with the log at level DEBUG")


def status_of(lines: Sequence[Line]) -> int:
    """Exit status: 0 all is well, 1 something is to be looked at, 2 something does not work."""
    return max((_STATUS[line.state] for line in lines), default=0)
