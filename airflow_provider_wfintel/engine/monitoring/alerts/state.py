"""All that the machine knows between two steps: frozen values with a JSON round trip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from airflow_provider_wfintel.engine.model import Severity, from_json, to_json
from airflow_provider_wfintel.engine.monitoring.alerts.events import Silence
from airflow_provider_wfintel.exceptions import SpecError, UserInputError

__all__ = [
    "STATE_VERSION",
    "Alert",
    "AlertState",
    "Group",
    "Notification",
    "NotificationKind",
    "Outgoing",
    "Place",
    "Track",
]

STATE_VERSION = 1

NotificationKind: TypeAlias = Literal["firing", "update", "repeat", "escalated", "resolved"]


@dataclass(frozen=True, slots=True)
class Track:
    """How the last runs went for one rule and one thing that it watches.

    `runs` holds run ids, whether they were bad, and when that was seen (seconds since the epoch), oldest first. It
    is also what tells old news from new: what is older than the outcome of its run changes nothing.
    """

    key: str
    rule: str
    dag_id: str
    task_id: str
    map_index: int
    runs: tuple[tuple[str, bool, float], ...] = ()
    flapping: bool = False
    conn_id: str = ""

    @property
    def thing(self) -> str:
        """The task or connection that is watched. Older states have connections as `task_id`."""
        return self.task_id or self.conn_id


@dataclass(frozen=True, slots=True)
class Alert:
    """A rule that holds for one thing right now. What it is grouped and routed by stays as it was at first.

    `groups` are the keys of the groups that it ever was in; `told` says whether a message named it; `cleared` that a
    later run was fine before anybody was told, so that it ends with the first message.
    """

    key: str
    rule: str
    kind: str
    dag_id: str
    run_id: str
    task_id: str
    map_index: int
    event_id: str
    since: float
    severity: Severity
    cause: str
    incident: str
    message: str = ""
    value: float | None = None
    tags: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    team: str = ""
    upstream: tuple[str, ...] = ()
    upstream_dags: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    told: bool = False
    cleared: bool = False
    muted_by: str = ""
    conn_id: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look: a run, or a task of it."""

    dag_id: str
    run_id: str = ""
    task_id: str = ""
    map_index: int = -1


@dataclass(frozen=True, slots=True)
class Group:
    """An incident as one receiver hears of it. Times are those of `now` (seconds since the epoch).

    `incident` is the same for all receivers of a route. `fired_at` is None before the first message.
    """

    key: str
    route: str
    receiver: str
    incident: str
    opened_at: float
    fired_at: float | None = None
    sent_at: float = 0.0
    sent: int = 0
    told_severity: Severity = "info"
    told_causes: tuple[str, ...] = ()
    told_first: str = ""
    told_dags: tuple[str, ...] = ()
    told_since: float = 0.0
    told_places: tuple[Place, ...] = ()
    clear_since: float | None = None
    acknowledged_by: str = ""
    resolved_by: str = ""
    level: int = 0
    escalated_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notification:
    """One message for one receiver. `key` is its idempotency key: what has the same key is the same message.

    `alerts` counts what the incident holds now, `muted` what only follows from it; `lines` name the first of them and
    `places` are theirs; `since` is when the first began (seconds since the epoch).
    """

    key: str
    kind: NotificationKind
    incident: str
    receiver: str
    severity: Severity
    title: str
    lines: tuple[str, ...] = ()
    alerts: int = 0
    muted: int = 0
    dag_ids: tuple[str, ...] = ()
    made_at: float = 0.0
    since: float = 0.0
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A notification that was not confirmed yet; it is handed out from `not_before` on."""

    notification: Notification
    attempts: int = 0
    not_before: float = 0.0
    last_error: str = ""


@dataclass(frozen=True, slots=True)
class AlertState:
    """Everything. `revision` grows by one with each step: a store that saves only on top of the revision that was
    loaded keeps two api-servers from both going on from the same state.

    `not_before`: what happened earlier raises nothing (the history that is imported at first). `latest`: the time of
    the newest thing seen.
    """  # noqa: D205

    not_before: float
    latest: float
    now: float
    revision: int = 0
    tracks: tuple[Track, ...] = ()
    alerts: tuple[Alert, ...] = ()
    groups: tuple[Group, ...] = ()
    silences: tuple[Silence, ...] = ()
    outbox: tuple[Outgoing, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The whole state as JSON data."""
        data: dict[str, Any] = to_json(self)
        return {"version": STATE_VERSION, **data}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> AlertState:
        """The state that `as_json` wrote.

        Raises:
            UserInputError: another version wrote it, or it is damaged.
        """
        if not isinstance(data, dict) or data.get("version") != STATE_VERSION:
            found = data.get("version") if isinstance(data, dict) else None
            raise UserInputError(
                f"the state of the alerts has version {found!r}, expected {STATE_VERSION}",
                hint="start with an empty state; what is still wrong is seen again with the next run",
            )
        try:
            return from_json(cls, {key: item for key, item in data.items() if key != "version"})
        except SpecError as error:
            raise UserInputError(
                f"the state of the alerts is damaged: {error.message}",
                hint="start with an empty state; what is still wrong is seen again with the next run",
            ) from error
