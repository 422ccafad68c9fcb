"""The detector for a plain metric that is sampled all the time (CPU, queue length, latency), in constant memory.

Four distances are followed: from what this time of day usually has, the same smoothed over some samples, and those of
the sample and of the median of the last five from the long mean. A distance is odd if it beats its own record, where
records fade slowly: so the scale needs no law of the noise, a metric that is always wild has a high record, and the
first odd sample raises the record for those that follow, which keeps one incident from being told a hundred times.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from airflow_provider_wfintel.engine.monitoring.anomalies.robust import median
from airflow_provider_wfintel.exceptions import UserInputError

__all__ = ["METRIC_STATE_VERSION", "MetricAnswer", "MetricStream"]

METRIC_STATE_VERSION = 1

_DAY, _SLOT = 86_400, 300
"""Times of day are told apart in steps of five minutes."""

_SEASON_RATE, _SMOOTH_RATE, _LONG_RATE = 0.25, 0.15, 1 / 400
_FADING = 1 / 5000
"""A record loses half of its height in about 3,500 samples."""

_FEWEST = 40
_ALERT = 1.15
"""A record must be beaten by a seventh before anybody is told."""

_RECENT = 5
_NAMES = ("time of day", "time of day, smoothed", "long mean", "long mean, last five samples")


@dataclass(frozen=True, slots=True)
class MetricAnswer:
    """The answer to one sample: `score` is 1 at the alert threshold; `reason` says which distance beat its record."""

    score: float
    alert: bool = False
    enough: bool = True
    expected: float | None = None
    reason: str = ""


class MetricStream:
    """Watches one metric. Samples come in the order of time; their distance is free."""

    def __init__(self) -> None:
        self._samples = 0
        self._mean = 0.0
        self._smooth = 0.0
        self._season: dict[str, float] = {}
        self._recent: list[float] = []
        self._records = [0.0] * len(_NAMES)

    def update(self, t: float, value: float) -> MetricAnswer:
        """Judge a sample against what came before, then learn it.

        Args:
            t: seconds since the epoch.
            value: the measured value.

        Raises:
            UserInputError: the value is no number.
        """
        if not math.isfinite(value):
            raise UserInputError(f"the metric at {t:.0f} is {value}", hint="leave out samples without a value")
        slot = str(int(t % _DAY) // _SLOT)
        usual = self._season.get(slot)
        rest = 0.0 if usual is None else value - usual
        mean = self._mean if self._samples else value
        self._smooth += _SMOOTH_RATE * (rest - self._smooth)
        self._recent = [*self._recent[1 - _RECENT :], value]
        distances = (abs(rest), abs(self._smooth), abs(value - mean), abs(median(self._recent) - mean))
        answer = self._judge(distances, value, usual if usual is not None else mean)
        self._season[slot] = value if usual is None else usual + _SEASON_RATE * rest
        self._samples += 1
        self._mean = mean + max(_LONG_RATE, 1 / self._samples) * (value - mean)
        self._records = [
            max(record * (1 - _FADING), distance) for record, distance in zip(self._records, distances, strict=True)
        ]
        return answer

    def _judge(self, distances: tuple[float, ...], value: float, usual: float) -> MetricAnswer:
        if self._samples < _FEWEST:
            return MetricAnswer(0.0, enough=False)
        ratios = [
            distance / record if record > 0 else float(distance > 0)
            for distance, record in zip(distances, self._records, strict=True)
        ]
        best = max(range(len(ratios)), key=ratios.__getitem__)
        # A metric that never moved has no record: any move is one, and its size cannot be told.
        score = ratios[best] / _ALERT
        reason = f"{value:g} where {usual:g} is usual: beyond all that was seen lately, by {_NAMES[best]}"
        return MetricAnswer(score, score >= 1, expected=usual, reason=reason if score >= 1 else "")

    def state_dict(self) -> dict[str, Any]:
        """All that the stream knows, as JSON data."""
        return {
            "version": METRIC_STATE_VERSION,
            "samples": self._samples,
            "mean": self._mean,
            "smooth": self._smooth,
            "season": dict(self._season),
            "recent": list(self._recent),
            "records": list(self._records),
        }

    @classmethod
    def from_state(cls, data: dict[str, Any]) -> MetricStream:
        """The stream that `state_dict` described.

        Raises:
            UserInputError: the data has another version or is no such state.
        """
        made = cls()
        try:
            if data["version"] != METRIC_STATE_VERSION:
                raise ValueError(data["version"])
            made._samples = int(data["samples"])
            made._mean, made._smooth = float(data["mean"]), float(data["smooth"])
            made._season = {str(key): float(value) for key, value in data["season"].items()}
            made._recent = [float(value) for value in data["recent"]]
            made._records = [float(value) for value in data["records"]]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UserInputError(
                f"the metric state cannot be read: {error!r}",
                hint="leave the state out; the stream learns anew",
            ) from None
        return made
