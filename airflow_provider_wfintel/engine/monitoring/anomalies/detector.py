"""What a detector is: evidence from a moment, log odds from the evidence, and words for what was seen."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from airflow_provider_wfintel.engine.monitoring.anomalies.moment import Moment
from airflow_provider_wfintel.engine.monitoring.anomalies.points import AnomalyKind
from airflow_provider_wfintel.engine.monitoring.anomalies.scorecard import Scorecard, scorecard

__all__ = ["Detector", "Evidence", "Measured", "Reading", "Ruled", "clip", "log_ratio"]

Evidence: TypeAlias = tuple[float, ...]
Measured: TypeAlias = Literal["duration", "rows", "delay", "run"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a detector saw: the measured value and what was usual, in the unit of `measured` (seconds or rows).

    `runs` is how many runs it is about, the present one included; `rising` tells the direction.
    """

    measured: Measured
    observed: float | None
    expected: float | None
    reason: str
    runs: int = 1
    rising: bool = True


def clip(value: float, low: float, high: float) -> float:
    """The value, or the bound that it is beyond."""
    return max(low, min(high, value))


def log_ratio(part: float, whole: float = 1.0) -> float:
    """The logarithm of `part / whole`, where nothing counts less than a thousandth."""
    return math.log(max(part / whole, 1e-3))


@dataclass(frozen=True, slots=True)
class Detector:
    """A detector whose evidence is weighed by a scorecard.

    Args:
        kind: what it finds.
        names: the names of the pieces of evidence, in order, as the scorecard knows them.
        evidence: the pieces, or None where there is nothing to weigh.
        read: the words for what was seen; asked only after an alert.
        quiet_runs: runs after an alert in which the same is not said again.
        family: detectors of one family share their quiet time.
        rises: pieces that can only speak for (+1) or against (-1) an anomaly as they grow; learning keeps to it.
    """

    kind: AnomalyKind
    names: tuple[str, ...]
    evidence: Callable[[Moment], Evidence | None]
    read: Callable[[Moment], Reading]
    quiet_runs: int
    family: str
    rises: dict[str, int] = field(default_factory=dict)

    def log_odds(self, moment: Moment) -> float | None:
        """How much more likely an anomaly is than none, as a logarithm, beyond what an alert needs; or None."""
        found = self.evidence(moment)
        if found is None:
            return None
        card: Scorecard = scorecard(self.kind)
        return card.log_odds(found) - card.threshold


@dataclass(frozen=True, slots=True)
class Ruled:
    """A detector that follows a rule: `excess` is 0 where the rule starts to hold and grows beyond it."""

    kind: AnomalyKind
    excess: Callable[[Moment], float | None]
    read: Callable[[Moment], Reading]
    quiet_runs: int
    family: str

    def log_odds(self, moment: Moment) -> float | None:
        """The excess over the rule, which has the scale of log odds; or None where the rule does not apply."""
        return self.excess(moment)
