"""The health of one DAG, run by run; its whole state is plain JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from airflow_provider_wfintel.engine.monitoring.health.durations import logistic
from airflow_provider_wfintel.engine.monitoring.health.features import Feature, Past
from airflow_provider_wfintel.engine.monitoring.health.model import Half, halves
from airflow_provider_wfintel.engine.monitoring.health.recalibration import Recalibration
from airflow_provider_wfintel.engine.monitoring.health.values import HealthScore, Reason, RunOutcome
from airflow_provider_wfintel.exceptions import UserInputError

__all__ = ["ENOUGH_RUNS", "HealthTracker"]

ENOUGH_RUNS = 10
"""The published accuracy is measured from this many past runs on."""
VERSION = 1
MOST_TOLD = 200
WORTH_SAYING = 0.5
"""Points of health below which a reason is left out."""
MOST_REASONS = 6


class HealthTracker:
    """Health of one DAG: `observe` every run that is over, ask for `health` before the next.

    Args:
        tasks: number of tasks of the DAG.
    """

    def __init__(self, tasks: int) -> None:
        if tasks < 1:
            raise UserInputError(f"a DAG with {tasks} tasks has no health", hint="give the number of its tasks")
        self._past = Past(tasks)
        self._told: list[tuple[float, bool]] = []

    @property
    def runs(self) -> int:
        """How many runs were observed."""
        return self._past.runs

    @property
    def told(self) -> tuple[tuple[float, bool], ...]:
        """What was said before each of the last runs, and whether it was bad: for `Recalibration` and `reliability`."""
        return tuple(self._told)

    def health(
        self,
        *,
        deadline: float | None = None,
        weekday: int | None = None,
        recalibration: Recalibration | None = None,
    ) -> HealthScore:
        """The score before the next run.

        Args:
            deadline: of the next run, seconds after it is due; else that of the last run, if it had one.
            weekday: of the next run, 0 for Monday, if it is known.
            recalibration: what the deployment's outcomes correct.
        """
        past = self._past
        limit = deadline if deadline is not None else past.deadline
        day = past.day(weekday)
        fails_half, misses_half = halves()
        failing = fails_half.parts(past, limit or 1.0, day)
        missing = misses_half.parts(past, limit, day) if limit is not None else []
        failure = logistic(fails_half.log_odds(failing))
        miss = logistic(misses_half.log_odds(missing)) if limit is not None else 0.0
        raw = _either(failure, miss)
        bad = recalibration.apply(raw) if recalibration else raw
        costs = [(item, raw - _either(value, miss)) for item, value in _without(failing, fails_half)]
        costs += [(item, raw - _either(failure, value)) for item, value in _without(missing, misses_half)]
        return HealthScore(
            score=100.0 * (1.0 - bad),
            failure_probability=failure,
            miss_probability=miss,
            runs=past.runs,
            enough_runs=past.runs >= ENOUGH_RUNS,
            reasons=_reasons(costs, past, limit or 1.0, day),
        )

    def observe(self, run: RunOutcome) -> None:
        """Take in a run that is over, after noting what would have been said before it.

        Raises:
            UserInputError: its duration, retries or deadline is negative or no number.
        """
        if not (run.duration >= 0.0 and run.retries >= 0 and (run.deadline is None or run.deadline > 0.0)):
            raise UserInputError(f"{run} is no outcome of a run", hint="give seconds and counts from 0 on")
        if self.runs >= ENOUGH_RUNS:
            said = self.health(deadline=run.deadline, weekday=run.weekday).bad_probability
            self._told.append((round(said, 5), run.bad))
            del self._told[:-MOST_TOLD]
        self._past.observe(run)

    def as_json(self) -> dict[str, Any]:
        """The whole state as JSON values."""
        return {"version": VERSION, "past": self._past.as_json(), "told": [list(pair) for pair in self._told]}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> HealthTracker:
        """Go on from a state that `as_json` wrote.

        Raises:
            UserInputError: it was written by another version or is damaged.
        """
        try:
            if data["version"] != VERSION:
                raise UserInputError(
                    f"a health state of version {data['version']}", hint="learn it anew from the history"
                )
            tracker = cls(1)
            tracker._past = Past.from_json(data["past"])
            tracker._told = [(float(said), bool(came)) for said, came in data["told"]]
        except (KeyError, TypeError, ValueError) as error:
            raise UserInputError("a health state is damaged", hint="learn it anew from the history") from error
        return tracker


def _either(failure: float, miss: float) -> float:
    """The probability of a bad run from that of failing, and that of being late without failing."""
    return 1.0 - (1.0 - failure) * (1.0 - miss)


def _without(parts: Sequence[tuple[Feature, float]], half: Half) -> list[tuple[Feature, float]]:
    """For each feature the probability of its half, were the feature as it is on average."""
    total = half.log_odds(parts)
    return [(feature, logistic(total - part)) for feature, part in parts]


def _reasons(costs: Sequence[tuple[Feature, float]], past: Past, deadline: float, day: int) -> tuple[Reason, ...]:
    """The features that move the score most, in words."""
    worst = sorted(costs, key=lambda item: -abs(item[1]))[:MOST_REASONS]
    return tuple(
        Reason(feature.name, feature.words(feature.value(past, deadline, day)), round(100.0 * cost, 1))
        for feature, cost in worst
        if abs(100.0 * cost) >= WORTH_SAYING
    )
