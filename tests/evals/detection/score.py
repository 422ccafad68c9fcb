"""How well service detection does on labelled texts.

An item is right when every required service was found and nothing beyond the required and optional ones.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.engine.generation.mentions import find_mentions, named_services

__all__ = [
    "CASES",
    "Bin",
    "calibration_error",
    "read_cases",
    "reliability",
    "score_detection",
    "wilson_interval",
]

CASES = Path(__file__).parent / "cases.jsonl"
EDGES = (0.0, 0.05, 0.2, 0.5, 0.8, 0.9, 0.95, 1.0)
"""Bounds of the bins of the reliability table; most mentions are either plain or clearly none."""


@dataclass(frozen=True)
class Bin:
    """Mentions whose confidence lies in `[low, high)`: how many, how confident on average, what share was right."""

    low: float
    high: float
    count: int
    confidence: float
    share: float
    interval: tuple[float, float]


def read_cases(path: Path = CASES) -> list[dict[str, Any]]:
    """The labelled texts of a JSON-lines file: `{"id", "text", "explicit", "optional"}`."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def score_detection(cases: Iterable[Mapping[str, Any]], *, lower_case: bool = False) -> dict[str, Any]:
    """Item accuracy with a 95 % Wilson interval, micro precision and recall, and the ids of the wrong items."""
    found = wanted = right_items = total = hits = 0
    wrong: list[str] = []
    for case in cases:
        text = case["text"].lower() if lower_case else case["text"]
        named = set(named_services(find_mentions(text)))
        explicit, optional = set(case["explicit"]), set(case.get("optional", ()))
        counted = named - (optional - explicit)
        hits += len(counted & explicit)
        found += len(counted)
        wanted += len(explicit)
        total += 1
        if counted == explicit:
            right_items += 1
        else:
            wrong.append(case["id"])
    low, high = wilson_interval(right_items, total)
    return {
        "name": "detection, lower case" if lower_case else "detection",
        "value": right_items / total if total else 0.0,
        "interval": (low, high),
        "n": total,
        "precision": hits / found if found else 1.0,
        "recall": hits / wanted if wanted else 1.0,
        "wrong": wrong,
    }


def reliability(cases: Iterable[Mapping[str, Any]]) -> list[Bin]:
    """Confidence against truth, bin by bin, for each service that a text may name, as it is and in lower case.

    A service counts once for each text, with its surest mention. Optional services are left out.
    """
    points = [point for case in cases for lower in (False, True) for point in _points(case, lower_case=lower)]
    bins = []
    for low, high in pairwise(EDGES):
        inside = [(sure, right) for sure, right in points if low <= sure < high]
        if inside:
            right = sum(truth for _, truth in inside)
            mean = sum(sure for sure, _ in inside) / len(inside)
            bins.append(Bin(low, high, len(inside), mean, right / len(inside), wilson_interval(right, len(inside))))
    return bins


def _points(case: Mapping[str, Any], *, lower_case: bool) -> list[tuple[float, bool]]:
    surest: dict[str, float] = {}
    for mention in find_mentions(case["text"].lower() if lower_case else case["text"]):
        surest[mention.service] = max(surest.get(mention.service, 0.0), mention.confidence)
    explicit, optional = set(case["explicit"]), set(case.get("optional", ()))
    return [(sure, name in explicit) for name, sure in surest.items() if name in explicit or name not in optional]


def calibration_error(bins: Iterable[Bin]) -> float:
    """Expected calibration error: mean distance of confidence and share, weighted by count (Naeini et al., 2015)."""
    items = list(bins)
    return sum(item.count * abs(item.confidence - item.share) for item in items) / sum(item.count for item in items)


def wilson_interval(successes: int, trials: int, z: float = 1.96) -> tuple[float, float]:
    """The score interval of a proportion (E. B. Wilson, 1927)."""
    if trials == 0:
        return (0.0, 1.0)
    share = successes / trials
    centre = share + z * z / (2 * trials)
    spread = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    return ((centre - spread) / scale, (centre + spread) / scale)
