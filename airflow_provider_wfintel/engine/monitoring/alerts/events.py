"""What goes into the machine: things that were seen, and what people and channels say."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from airflow_provider_wfintel.engine.model import Severity
from airflow_provider_wfintel.engine.monitoring.alerts.matching import Match
from airflow_provider_wfintel.exceptions import UserInputError

__all__ = [
    "KINDS",
    "Acknowledge",
    "Consequence",
    "Delivered",
    "EndSilence",
    "Input",
    "NotDelivered",
    "Resolve",
    "Seen",
    "SeenKind",
    "Silence",
]

SeenKind: TypeAlias = Literal[
    "task.failed", "task.upstream_failed", "task.retry", "task.succeeded", "run.failed", "run.succeeded",
    "anomaly.spike", "anomaly.drift", "anomaly.level_shift", "anomaly.variance", "anomaly.too_short",
    "anomaly.row_drop", "anomaly.late_start", "anomaly.missing_run", "anomaly.unusual_mix", "anomaly.none",
    "deadline.odds", "deadline.missed", "deadline.met", "health.score", "monitor.gap", "monitor.caught_up",
    "service.ill", "service.well",
]  # fmt: skip

KINDS: tuple[str, ...] = SeenKind.__args__  # type: ignore[attr-defined]
"""Every kind of thing that can be seen, good ones included."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a bad thing leads to, as far as it is known.

    Attributes:
        run_lost: whether the run cannot end well any more; None if that is not known.
        blocked_tasks: tasks of the run that cannot run because of it.
        blocked_dags: other DAGs that wait for what the run makes.
        miss_probability: odds, 0 to 1, that the run misses its deadline; None without a deadline.
    """

    run_lost: bool | None = None
    blocked_tasks: int = 0
    blocked_dags: int = 0
    miss_probability: float | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that was seen of a task, run or DAG.

    Attributes:
        at: when it happened, in seconds since the epoch, by the clock of Airflow's database.
        event_id: what tells it from all others of its DAG (the UUID of the try, the run id); names the incident.
        conn_id: the connection that it is about, where that is no task.
        map_index: of a mapped task instance; -1 stands for all of them.
        value: the figure of `deadline.odds` (0 to 1) and `health.score` (0 to 100), else what was measured.
        message: what is to be said about it, in one sentence, without secrets.
        severity: how bad the finder says it is; consequences may make it worse.
        cause: what failures with the same root cause have in common, if it was diagnosed.
        shared: whether that cause lies outside the DAG, so that other DAGs may meet the same.
        team: the team of the DAG, where Airflow has teams.
        upstream: task ids of the run that failed before and on which the task depends, however far.
        upstream_dags: DAGs whose data or end the DAG waits for.

    Raises:
        UserInputError: `at` or `value` is no finite number, or there is no DAG for what is about one.
    """

    kind_tag: ClassVar[str] = "seen"
    kind: SeenKind
    at: float
    dag_id: str = ""
    run_id: str = ""
    task_id: str = ""
    conn_id: str = ""
    map_index: int = -1
    event_id: str = ""
    value: float | None = None
    message: str = ""
    severity: Severity = "info"
    cause: str = ""
    shared: bool = False
    consequence: Consequence = Consequence()
    tags: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    team: str = ""
    upstream: tuple[str, ...] = ()
    upstream_dags: tuple[str, ...] = ()

    @property
    def thing(self) -> str:
        """The task or connection of the DAG; empty if it is about the DAG or run as a whole."""
        return self.task_id or self.conn_id

    def __post_init__(self) -> None:
        if not math.isfinite(self.at) or (self.value is not None and not math.isfinite(self.value)):
            raise UserInputError(
                f"{self.kind} of {self.dag_id!r} has the time {self.at} and the value {self.value}",
                hint="give finite numbers; leave out a value that is not known",
            )
        if not self.dag_id and not self.kind.startswith("monitor."):
            raise UserInputError(f"a {self.kind} needs the DAG that it is about", hint="give dag_id")


@dataclass(frozen=True, slots=True)
class Silence:
    """A person wants to hear nothing of what matches, from `starts` until `ends` (seconds since the epoch)."""

    kind_tag: ClassVar[str] = "silence"
    silence_id: str
    match: Match
    starts: float
    ends: float
    by: str
    comment: str = ""

    def __post_init__(self) -> None:
        if not (math.isfinite(self.starts) and math.isfinite(self.ends) and self.starts < self.ends):
            raise UserInputError(
                f"silence {self.silence_id!r} ends ({self.ends}) before it starts ({self.starts})",
                hint="give starts < ends in seconds since the epoch",
            )


@dataclass(frozen=True, slots=True)
class EndSilence:
    """A silence is over before its time."""

    kind_tag: ClassVar[str] = "end_silence"
    silence_id: str


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """A person takes an incident on: no repeats and no escalation unless it gets worse."""

    kind_tag: ClassVar[str] = "acknowledge"
    incident: str
    by: str


@dataclass(frozen=True, slots=True)
class Resolve:
    """A person says that an incident is over. What is seen to go wrong after that opens a new one."""

    kind_tag: ClassVar[str] = "resolve"
    incident: str
    by: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """The channel has taken the notification with this key."""

    kind_tag: ClassVar[str] = "delivered"
    key: str


@dataclass(frozen=True, slots=True)
class NotDelivered:
    """The channel did not take it; it is handed out again, each time after twice the pause."""

    kind_tag: ClassVar[str] = "not_delivered"
    key: str
    reason: str = ""


Input: TypeAlias = Seen | Silence | EndSilence | Acknowledge | Resolve | Delivered | NotDelivered
