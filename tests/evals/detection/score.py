"""How well service detection does on labelled texts.

An item is right when every required service was found and nothing beyond the required and optional ones.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.engine.generation.mentions import find_mentions, named_services

__all__ = ["CASES", "read_cases", "score_detection", "wilson_interval"]

CASES = Path(__file__).parent / "cases.jsonl"


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


def wilson_interval(successes: int, trials: int, z: float = 1.96) -> tuple[float, float]:
    """The score interval of a proportion (E. B. Wilson, 1927)."""
    if trials == 0:
        return (0.0, 1.0)
    share = successes / trials
    centre = share + z * z / (2 * trials)
    spread = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    return ((centre - spread) / scale, (centre + spread) / scale)
