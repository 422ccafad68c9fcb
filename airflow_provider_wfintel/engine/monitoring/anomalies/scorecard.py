"""Scorecards: additive log odds from tables. Each piece of evidence has cuts, and points for each step between them.

The tables are data (`data/scorecards.json`), learned by `tests/evals/monitoring/fit.py` with boosted stumps (Friedman
2001), of which the sum over one variable is such a table. Nothing is learned at run time.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["Scorecard", "Table", "scorecard"]


@dataclass(frozen=True, slots=True)
class Table:
    """One piece of evidence: `points[i]` counts for values in (cuts[i-1], cuts[i]]."""

    name: str
    cuts: tuple[float, ...]
    points: tuple[float, ...]

    def read(self, value: float) -> float:
        """The points of a value."""
        return self.points[bisect_left(self.cuts, value)]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The tables of one kind of anomaly; an alert needs log odds of at least `threshold`."""

    kind: str
    base: float
    threshold: float
    tables: tuple[Table, ...]

    def log_odds(self, evidence: Sequence[float]) -> float:
        """The sum of the points of all pieces of evidence, in the order of `tables`."""
        return self.base + sum(table.read(value) for table, value in zip(self.tables, evidence, strict=True))


@cache
def scorecard(kind: str) -> Scorecard:
    """The scorecard of a kind of anomaly."""
    return _read(kind, _data()[kind])


@cache
def _data() -> dict[str, Any]:
    source = files("airflow_provider_wfintel.engine.monitoring.anomalies") / "data" / "scorecards.json"
    data: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return data


def _read(kind: str, data: dict[str, Any]) -> Scorecard:
    tables = tuple(
        Table(str(item["name"]), tuple(map(float, item["cuts"])), tuple(map(float, item["points"])))
        for item in data["tables"]
    )
    return Scorecard(kind, float(data["base"]), float(data["threshold"]), tables)
