"""Rights that one process at a time may hold, and what their next holder goes on from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from airflow_provider_wfintel.store.health import store_errors
from airflow_provider_wfintel.store.tables import Lease
from airflow_provider_wfintel.store.upsert import upsert

__all__ = ["HeldLease", "Leases"]


@dataclass(frozen=True, slots=True)
class HeldLease:
    """A lease that was just taken. `state` is what its last holder left."""

    name: str
    holder: str
    token: int
    state: Mapping[str, Any]


class Leases:
    """Leases by name. Times are given by the caller; all holders should have roughly the same clock.

    What a holder writes is safe even if clocks differ, as long as it calls `keep` in the same transaction: a lease that
    was taken over has another token, and `keep` says so.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def take(self, name: str, holder: str, *, now: datetime, length: timedelta) -> HeldLease | None:
        """Take the lease if it is free, has ended or is the holder's own; None if somebody else has it.

        A clock that jumped far ahead may have left an end in the far future: an end that lies further away than ten
        lengths is taken for such a mistake, and the lease for free.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        row = {
            "name": name,
            "holder": holder,
            "token": 0,
            "acquired_at": now,
            "expires_at": now,
            "state": {},
        }
        with store_errors():
            upsert(self._session, Lease, row, key=("name",), change=lambda _stored, _offered: {})
            free = (Lease.expires_at <= now) | (Lease.holder == holder) | (Lease.expires_at > now + 10 * length)
            taken = self._session.execute(
                update(Lease)
                .where(Lease.name == name, free)
                .values(holder=holder, token=Lease.token + 1, acquired_at=now, expires_at=now + length),
                execution_options={"synchronize_session": False},
            )
            if taken.rowcount != 1:  # type: ignore[attr-defined]
                return None
            found = self._session.execute(select(Lease.token, Lease.state).where(Lease.name == name)).one()
        return HeldLease(name, holder, found.token, dict(found.state))

    def keep(self, lease: HeldLease, state: Mapping[str, Any], *, now: datetime, length: timedelta) -> bool:
        """Hold the lease for another `length` and leave `state` with it. False: somebody else has taken it over.

        In that case the caller must roll back what it wrote in this transaction.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        with store_errors():
            kept = self._session.execute(
                update(Lease)
                .where(Lease.name == lease.name, Lease.holder == lease.holder, Lease.token == lease.token)
                .values(state=dict(state), expires_at=now + length),
                execution_options={"synchronize_session": False},
            )
        return bool(kept.rowcount == 1)  # type: ignore[attr-defined]

    def give_back(self, lease: HeldLease, *, now: datetime) -> None:
        """Let somebody else have it at once. What was left with it stays.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        with store_errors():
            self._session.execute(
                update(Lease)
                .where(Lease.name == lease.name, Lease.holder == lease.holder, Lease.token == lease.token)
                .values(expires_at=now),
                execution_options={"synchronize_session": False},
            )
