"""What a DAG's past says about its next run, as a few numbers; one function per number, in one tuple per model part."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from airflow_provider_wfintel.engine.monitoring.health.durations import DurationTrack, logistic
from airflow_provider_wfintel.engine.monitoring.health.episodes import EpisodeFilter
from airflow_provider_wfintel.engine.monitoring.health.values import RunOutcome

__all__ = ["FAILURE", "MISS", "Feature", "Past", "log_odds"]

USUAL_FAILURES, USUAL_RETRIES = 0.05, 0.012
LONG = 80.0
FAILURE_LIVES = (2.0, LONG)
RETRY_LIVES = (3.0, 60.0)
MOST_DURATIONS = 100
PHASES = 7


def log_odds(probability: float) -> float:
    """The logarithm of p / (1 - p), within 0.002 and 0.998."""
    bounded = min(max(probability, 0.002), 0.998)
    return math.log(bounded / (1.0 - bounded))


@dataclass
class Past:
    """All that is kept of a DAG's runs. `tasks` is the number of its tasks."""

    tasks: int
    runs: int = 0
    quick: DurationTrack = field(default_factory=lambda: DurationTrack(0.3))
    slow: DurationTrack = field(default_factory=lambda: DurationTrack(0.1))
    episodes: EpisodeFilter = field(default_factory=lambda: EpisodeFilter(1))
    failures: dict[float, list[float]] = field(default_factory=lambda: _rates(FAILURE_LIVES))
    retries: dict[float, list[float]] = field(default_factory=lambda: _rates(RETRY_LIVES))
    durations: list[float] = field(default_factory=list)
    deadline: float | None = None
    since_failure: int = 50

    def __post_init__(self) -> None:
        if not self.runs:
            self.episodes = EpisodeFilter(self.tasks)

    def observe(self, run: RunOutcome) -> None:
        """Take in a run that is over."""
        day = self.day(run.weekday)
        excess = self.slow.excess(run.duration, day) if run.ok and self.slow.level is not None else None
        self.episodes.observe(run.ok, run.retries, excess, max(0.05, self.slow.spread))
        _add(self.failures, float(not run.ok))
        _add(self.retries, run.retries / self.tasks)
        if run.ok:
            self.quick.observe(run.duration, day)
            self.slow.observe(run.duration, day)
            self.durations.append(round(math.log(max(run.duration, 1.0)), 4))
            del self.durations[:-MOST_DURATIONS]
        self.deadline = run.deadline if run.deadline is not None else self.deadline
        self.since_failure = 0 if not run.ok else self.since_failure + 1
        self.runs += 1

    def day(self, weekday: int | None) -> int:
        """The weekday; if it is not known, the place of the run in a week of daily runs."""
        return self.runs % PHASES if weekday is None else weekday

    def failure_rate(self, life: float) -> float:
        """Share of failed runs, weighted by a half-life in runs, shrunk to the long-run share and that to the usual."""
        if life == LONG:
            return _shrunk(self.failures[LONG], USUAL_FAILURES, 10.0)
        return _shrunk(self.failures[life], self.failure_rate(LONG), 0.5)

    @property
    def usual_retries(self) -> float:
        """Retries per run in the long run."""
        return _shrunk(self.retries[60.0], USUAL_RETRIES, 40.0 / self.tasks) * self.tasks

    def retry_excess(self, life: float) -> float:
        """Logarithm of retries of late against usual retries."""
        total, weight = self.retries[life]
        return math.log((total * self.tasks + 0.5) / (weight * self.usual_retries + 0.5))

    def over(self, deadline: float, life: float, width: float) -> float:
        """Log odds that a past duration, weighted by a half-life and smoothed by a kernel, is over the deadline."""
        total, weight = 0.1, 1.0
        limit = math.log(max(deadline, 1.0))
        for age, log in enumerate(reversed(self.durations)):
            share = 0.5 ** (age / life)
            total += share * logistic((log - limit) / width * 1.7)
            weight += share
        return log_odds(total / weight)

    def as_json(self) -> dict[str, Any]:
        """The state as JSON values."""
        return {
            "tasks": self.tasks,
            "runs": self.runs,
            "quick": self.quick.as_json(),
            "slow": self.slow.as_json(),
            "episodes": self.episodes.as_json(),
            **{name: [[k, v] for k, v in getattr(self, name).items()] for name in _MAPS},
            "durations": list(self.durations),
            "deadline": self.deadline,
            "since_failure": self.since_failure,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Past:
        """The state that `as_json` wrote."""
        values = dict(data)
        for name in _MAPS:
            values[name] = {float(life): [float(part) for part in rate] for life, rate in data[name]}
        values["quick"] = DurationTrack.from_json(data["quick"])
        values["slow"] = DurationTrack.from_json(data["slow"])
        values["episodes"] = EpisodeFilter.from_json(data["episodes"])
        return cls(**values)


_MAPS = ("failures", "retries")


def _rates(lives: tuple[float, ...]) -> dict[float, list[float]]:
    return {life: [0.0, 0.0] for life in lives}


def _add(rates: dict[float, list[float]], value: float) -> None:
    for life, rate in rates.items():
        share = 0.5 ** (1.0 / life)
        rate[0] = rate[0] * share + value
        rate[1] = rate[1] * share + 1.0


def _shrunk(rate: list[float], towards: float, weight: float) -> float:
    return (rate[0] + towards * weight) / (rate[1] + weight)


@dataclass(frozen=True, slots=True)
class Feature:
    """A number about the past, computed from past, deadline and day, and the words for it; `{}` is the number shown."""

    name: str
    text: str
    value: Callable[[Past, float, int], float]
    shown: Callable[[float], str] = "{:.1f}".format

    def words(self, value: float) -> str:
        """The feature in words."""
        return self.text.format(self.shown(value))


def _percent(value: float) -> str:
    return f"{value:.0%}"


def _odds(value: float) -> str:
    return f"{logistic(value):.0%}"


FAILURE: tuple[Feature, ...] = (
    Feature(
        "episode",
        "failures come in episodes: {} likely to fail, given the runs so far",
        lambda past, _deadline, _day: log_odds(past.episodes.failure()),
        _odds,
    ),
    Feature(
        "failures_2",
        "share of failures among the last runs: {}",
        lambda past, _deadline, _day: past.failure_rate(2.0),
        _percent,
    ),
    Feature(
        "failures_long",
        "share of failures in the long run: {}",
        lambda past, _deadline, _day: log_odds(past.failure_rate(LONG)),
        _odds,
    ),
    Feature(
        "since_failure",
        "runs since the last failure: {}",
        lambda past, _deadline, _day: math.log1p(min(past.since_failure, 100)),
        lambda value: f"{math.expm1(value):.0f}",
    ),
    Feature(
        "retries_3",
        "retries in the last runs: {} times as many as usual",
        lambda past, _deadline, _day: past.retry_excess(3.0),
        lambda value: f"{math.exp(value):.1f}",
    ),
    Feature(
        "retries_long",
        "retries per run in the long run: {}",
        lambda past, _deadline, _day: math.log(past.usual_retries),
        lambda value: f"{math.exp(value):.2f}",
    ),
)
MISS: tuple[Feature, ...] = (
    Feature(
        "longer_slow",
        "{} of the runs would be late at the level of the last weeks",
        lambda past, deadline, day: log_odds(past.slow.longer_than(deadline, day)),
        _odds,
    ),
    Feature(
        "longer_quick",
        "{} of the runs would be late at the level of the last runs",
        lambda past, deadline, day: log_odds(past.quick.longer_than(deadline, day)),
        _odds,
    ),
    Feature(
        "over_40",
        "{} of the past runs took longer than the deadline allows",
        lambda past, deadline, _day: past.over(deadline, 40.0, 0.1),
        _odds,
    ),
    Feature(
        "wearing",
        "{} likely that runs get longer and retries more",
        lambda past, _deadline, _day: log_odds(past.episodes.ahead()[1]),
        _odds,
    ),
    Feature(
        "spread",
        "durations vary by {}",
        lambda past, _deadline, _day: math.log(past.slow.spread),
        lambda value: f"{math.exp(value):.0%}",
    ),
)
