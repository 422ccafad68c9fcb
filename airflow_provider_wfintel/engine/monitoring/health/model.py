"""The two halves of the score, failing and being late, as logistic regressions whose coefficients are JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from airflow_provider_wfintel.engine.monitoring.health.durations import logistic
from airflow_provider_wfintel.engine.monitoring.health.features import FAILURE, MISS, Feature, Past

__all__ = ["Half", "halves"]

MOST_APART = 5.0
"""A feature counts as at most so many standard deviations: beyond what the fit has seen nothing is known."""


@dataclass(frozen=True, slots=True)
class Half:
    """One logistic regression: intercept, and (feature, mean, scale, weight) for each feature."""

    intercept: float
    terms: tuple[tuple[Feature, float, float, float], ...]

    def parts(self, past: Past, deadline: float, day: int) -> list[tuple[Feature, float]]:
        """What each feature adds to the log odds."""
        found = []
        for feature, mean, scale, weight in self.terms:
            apart = (feature.value(past, deadline, day) - mean) / scale
            found.append((feature, weight * max(-MOST_APART, min(MOST_APART, apart))))
        return found

    def log_odds(self, parts: Sequence[tuple[Feature, float]]) -> float:
        """The log odds from the features' parts."""
        return self.intercept + sum(value for _, value in parts)

    def probability(self, past: Past, deadline: float, day: int) -> float:
        """The probability that this half says."""
        return logistic(self.log_odds(self.parts(past, deadline, day)))


@cache
def halves() -> tuple[Half, Half]:
    """The regression for failing, and that for being late if the run does not fail."""
    text = resources.files(__package__ or "").joinpath("coefficients.json").read_text(encoding="utf-8")
    data = json.loads(text)
    return _half(data["failure"], FAILURE), _half(data["miss"], MISS)


def _half(data: dict[str, Any], features: Sequence[Feature]) -> Half:
    """Bind coefficients to features by name, so that order and leftovers in the file do not matter."""
    known = {item["name"]: item for item in data["features"]}
    terms = tuple(
        (feature, known[feature.name]["mean"], known[feature.name]["scale"], known[feature.name]["weight"])
        for feature in features
    )
    return Half(data["intercept"], terms)
