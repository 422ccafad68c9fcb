"""Figures for probabilities and quantiles."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["area_under_curve", "brier_skill", "calibration_error", "pinball", "reliability"]

Pairs = Sequence[tuple[float, int]]


def area_under_curve(pairs: Pairs) -> float:
    """Chance that a case which came true had the higher probability than one that did not (ties count half)."""
    ordered = sorted(pairs)
    ranks: dict[float, list[int]] = {}
    for rank, (value, _) in enumerate(ordered, start=1):
        ranks.setdefault(value, []).append(rank)
    middle = {value: sum(found) / len(found) for value, found in ranks.items()}
    true = sum(came for _, came in ordered)
    total = sum(middle[value] for value, came in ordered if came)
    return (total - true * (true + 1) / 2) / (true * (len(ordered) - true))


def brier_skill(pairs: Pairs) -> float:
    """By what share the mean squared error is below that of always saying the base rate."""
    base = sum(came for _, came in pairs) / len(pairs)
    error = sum((value - came) ** 2 for value, came in pairs) / len(pairs)
    return 1.0 - error / (base * (1.0 - base))


def reliability(pairs: Pairs, groups: int = 10) -> list[tuple[int, float, float]]:
    """Groups of equal size by rising probability: size, mean probability, share that came true."""
    ordered = sorted(pairs)
    size = len(ordered)
    cut = [ordered[i * size // groups : (i + 1) * size // groups] for i in range(groups)]
    return [(len(g), sum(v for v, _ in g) / len(g), sum(c for _, c in g) / len(g)) for g in cut if g]


def calibration_error(pairs: Pairs, groups: int = 10) -> float:
    """Mean distance between probability and share over groups of equal size."""
    found = reliability(pairs, groups)
    return sum(size * abs(said - came) for size, said, came in found) / sum(size for size, _, _ in found)


def pinball(quantile: float, value: float, level: float) -> float:
    """Quantile loss (Koenker and Bassett 1978)."""
    return max(level * (value - quantile), (level - 1.0) * (value - quantile))
