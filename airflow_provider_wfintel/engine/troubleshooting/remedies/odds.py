"""How likely a remedy is to help, from verified outcomes of this deployment: a Beta posterior, no sampling."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Case, Remedy

__all__ = ["Odds", "Outcomes", "odds_of"]

_WEIGHT = 5.0
_FIRST_STEP, _OTHER = 0.8, 0.6


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Verified outcomes of a remedy for a class of failure."""

    helped: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Odds:
    """The posterior of a remedy's success.

    Attributes:
        mean: the expected share of successes.
        low: mean less one standard deviation, by which remedies are ordered: what was tried often and helped comes
            before what only might help.
        helped: verified successes here.
        failed: verified failures here.
    """

    mean: float
    low: float
    helped: int
    failed: int


def odds_of(case: Case, remedy: Remedy, outcomes: Mapping[tuple[str, str], Outcomes]) -> Odds:
    """The odds of a remedy in a case.

    The prior weighs as much as five outcomes, with a mean of 0.8 for the first step that the diagnosis advises and 0.6
    for others. They were set by hand; outcomes of the deployment take over.

    Args:
        case: the case.
        remedy: the remedy.
        outcomes: outcomes by class of failure and name of the remedy.
    """
    seen = outcomes.get((case.diagnosis.label, remedy.name), Outcomes())
    prior = _FIRST_STEP if case.diagnosis.action in remedy.serves else _OTHER
    alpha, beta = prior * _WEIGHT + seen.helped, (1 - prior) * _WEIGHT + seen.failed
    total = alpha + beta
    mean = alpha / total
    deviation = math.sqrt(alpha * beta / (total * total * (total + 1)))
    return Odds(round(mean, 4), round(mean - deviation, 4), seen.helped, seen.failed)
