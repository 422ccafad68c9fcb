"""What alerts are made of, how they are grouped, and who hears of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from airflow_provider_wfintel.engine.monitoring.alerts.matching import Match
from airflow_provider_wfintel.engine.monitoring.alerts.mute_times import MuteTime

__all__ = [
    "DEFAULT_ROUTE",
    "AlertSettings",
    "Escalation",
    "Flap",
    "Inhibition",
    "Label",
    "Receiver",
    "Route",
    "Rule",
]

Label: TypeAlias = Literal["incident", "dag_id", "task_id", "conn_id", "run_id", "rule", "kind"]

DEFAULT_ROUTE = "default"


@dataclass(frozen=True, slots=True)
class Flap:
    """When something comes and goes too often: `changes` between good and bad within the last `in_runs` runs.

    While it flaps it is over only after `calm_runs` good runs in a row, so it is one incident and not many.
    """

    changes: int = 4
    in_runs: int = 10
    calm_runs: int = 5


@dataclass(frozen=True, slots=True)
class Rule:
    """When something is an alert, and when it is over.

    Attributes:
        raised_by: patterns of kinds that are bad.
        cleared_by: patterns of kinds that are good.
        above: with a value at least this, what `raised_by` names is bad, and under `clear_below` it is good.
        below: with a value at most this it is bad, and over `clear_above` it is good.
        severity: a fixed one, or by its consequence.
        raise_after_runs: bad runs in a row before it is an alert.
        resolve_after_runs: good runs in a row before it is over.
        cleared_in: the run whose good end counts: any from then on, only the one that went wrong, or only another
            (a run that went wrong once stays bad).
    """

    id: str
    title: str
    raised_by: tuple[str, ...]
    cleared_by: tuple[str, ...] = ()
    match: Match = Match()
    above: float | None = None
    clear_below: float | None = None
    below: float | None = None
    clear_above: float | None = None
    severity: Literal["by_consequence", "info", "warning", "error", "critical"] = "by_consequence"
    raise_after_runs: int = 1
    resolve_after_runs: int = 1
    cleared_in: Literal["any_run", "same_run", "other_run"] = "any_run"
    flap: Flap = Flap()
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Inhibition:
    """What mutes what. An alert of a kind in `source` mutes those of a kind in `muted` that follow from it.

    Attributes:
        equal: labels that both share; always among them `dag_id`, unless `downstream`.
        downstream: the muted one depends on the source: its task is downstream in the same run, or its DAG waits for
            the source's DAG.
    """

    name: str
    source: tuple[str, ...]
    muted: tuple[str, ...]
    equal: tuple[Literal["dag_id", "run_id", "task_id"], ...] = ()
    downstream: bool = False


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody who is told. What `channel`, `connection` and `options` mean is the business of the channels.

    Attributes:
        send_resolved: whether ends are told, too.
        in_doubt: what becomes of a message of which nobody knows whether it arrived, since the process was killed
            while it sent it: `repeat` it (nothing is lost), or `drop` it (nothing comes twice).
    """

    name: str
    channel: str = ""
    connection: str = ""
    options: tuple[tuple[str, str], ...] = ()
    send_resolved: bool = True
    in_doubt: Literal["repeat", "drop"] = "repeat"


@dataclass(frozen=True, slots=True)
class Escalation:
    """Who else is told if nobody has acknowledged an incident `after` seconds after its first message."""

    after: float
    receivers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """Who hears of what, and how often. Durations are seconds.

    Attributes:
        group_by: alerts that are equal in these are one incident. `incident` is the diagnosed cause where it lies
            outside the DAG, else the DAG.
        group_wait: from the first alert to the first message, so that what belongs together comes together; also from
            the last good news to the message that it is over.
        group_interval: least time between two messages about one incident, unless it has become more severe.
        repeat_interval: after which an incident that nobody acknowledged is told again; None: never.
        go_on: whether routes further down are tried, too.
    """

    name: str
    receivers: tuple[str, ...]
    match: Match = Match()
    group_by: tuple[Label, ...] = ("incident",)
    group_wait: float = 30.0
    group_interval: float = 300.0
    repeat_interval: float | None = 14_400.0
    mute_times: tuple[str, ...] = ()
    escalate: tuple[Escalation, ...] = ()
    go_on: bool = False


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """Everything that is set. Alerts that no route takes go to the last one, `default`.

    Attributes:
        horizon: seconds for which it is remembered that something is over; older news raises nothing.
        expire_after: seconds without news after which an alert is dropped (its DAG is gone).
        redeliver_after: seconds until a notification that is neither confirmed nor refused is handed out again.
    """

    rules: tuple[Rule, ...] = ()
    inhibitions: tuple[Inhibition, ...] = ()
    receivers: tuple[Receiver, ...] = (Receiver("log", "log"),)
    routes: tuple[Route, ...] = (Route(DEFAULT_ROUTE, ("log",)),)
    mute_times: tuple[MuteTime, ...] = ()
    horizon: float = 86_400.0
    expire_after: float = 1_209_600.0
    redeliver_after: float = 60.0

    def rule(self, name: str) -> Rule | None:
        """The rule with this id, if there still is one."""
        return next((rule for rule in self.rules if rule.id == name), None)

    def route(self, name: str) -> Route:
        """The route with this name, else the default one."""
        return next((route for route in self.routes if route.name == name), self.routes[-1])

    def receiver(self, name: str) -> Receiver:
        """The receiver with this name; a plain one if it was taken out of the settings."""
        return next((item for item in self.receivers if item.name == name), Receiver(name))

    def muted(self, route: Route, now: float) -> bool:
        """Whether one of the route's mute times holds."""
        return any(item.holds(now) for item in self.mute_times if item.name in route.mute_times)
