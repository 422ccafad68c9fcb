"""Figures as people say them."""

from __future__ import annotations

__all__ = ["amount", "percent", "seconds", "times"]


def seconds(value: float) -> str:
    """A duration: `0.42 s`, `42 s`, `3.5 min`, `2.1 h`."""
    if value < 10:
        return f"{value:.2g} s"
    if value < 120:
        return f"{value:.0f} s"
    return f"{value / 60:.3g} min" if value < 7200 else f"{value / 3600:.3g} h"


def times(ratio: float) -> str:
    """A factor: `2.4 times`, or `a fifth`-like shares as percentages: `21 %`."""
    return f"{ratio:.3g} times" if ratio >= 1 else percent(ratio)


def percent(share: float) -> str:
    """A share: `4.2 %`."""
    return f"{100 * share:.2g} %"


def amount(value: float) -> str:
    """A count with separators: `12,500`."""
    return f"{value:,.0f}"
