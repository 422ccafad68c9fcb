"""What a score is, and its interval. Each room of this folder yields such scores from its `scores*.py`."""

from __future__ import annotations

import json
import math
import os
import random
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["HERE", "ROOT", "SHARED", "WFINTEL", "Score", "mean", "measured", "proportion", "read_lines"]

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SHARED = Path(os.environ.get("WFINTEL_EVAL_SETS", ROOT.parent / "shared"))
WFINTEL = Path(sys.executable).with_name("wfintel")


@dataclass(frozen=True)
class Score:
    """One figure, where more is better. `low` and `high` bound its 95 % interval; without a floor it is only shown."""

    name: str
    value: float
    low: float
    high: float
    floor: float | None

    @property
    def passed(self) -> bool:
        """Whether the value reaches its floor."""
        return self.floor is None or self.value >= self.floor

    def __str__(self) -> str:
        mark = "" if self.passed else "  UNDER ITS FLOOR"
        floor = "no floor" if self.floor is None else f"floor {self.floor:g}"
        return f"{self.name:<44} {self.value:8.4f}  [{self.low:.4f}, {self.high:.4f}]  {floor}{mark}"


def proportion(name: str, right: int, total: int, floor: float) -> Score:
    """A share with its Wilson interval (Wilson 1927)."""
    if total == 0:
        raise SystemExit(f"{name}: the set is empty")
    z, share = 1.96, right / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return Score(f"{name} (n={total})", share, max(0.0, middle - half), min(1.0, middle + half), floor)


def mean(name: str, values: list[float], floor: float) -> Score:
    """A mean with its 95 % bootstrap interval (1,000 rounds, fixed seed)."""
    if not values:
        raise SystemExit(f"{name}: the set is empty")
    chance = random.Random(0)  # noqa: S311 - a fixed seed, nothing secret
    means = sorted(statistics.fmean(chance.choices(values, k=len(values))) for _ in range(1000))
    return Score(f"{name} (n={len(values)})", statistics.fmean(values), means[25], means[974], floor)


def measured(name: str, value: float, floor: float) -> Score:
    """A figure that is counted, not sampled."""
    return Score(name, value, value, value, floor)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The records of a JSON lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
