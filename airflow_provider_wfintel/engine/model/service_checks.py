"""What a look at the service behind a connection has shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["ServiceCheck", "ServiceState"]

ServiceState: TypeAlias = Literal["ok", "refused", "unreachable", "missing", "unknown"]


@dataclass(frozen=True, slots=True)
class ServiceCheck:
    """One look at the service behind one connection.

    Attributes:
        conn_id: the connection.
        state: `ok`: it answers, and takes the login if that could be tried; `refused`: it answers and does not take the
            login, or answers with an error; `unreachable`: nobody answers; `missing`: there is no such connection;
            `unknown`: it could not be looked at.
        checked_at: when, ISO 8601 with offset.
        conn_type: the connection's type.
        address: host and port, without user and path; empty for services without one.
        latency_seconds: until the TCP connection stood; None if that was not tried or failed.
        login_seconds: until the login was taken or refused; None if nobody knows how to try it.
        message: what was seen, without secrets.
        checked_by: the machine that looked.
    """

    conn_id: str
    state: ServiceState
    checked_at: str
    conn_type: str = ""
    address: str = ""
    latency_seconds: float | None = None
    login_seconds: float | None = None
    message: str = ""
    checked_by: str = ""
