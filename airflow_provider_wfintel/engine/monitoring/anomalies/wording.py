"""Figures as people say them."""

from __future__ import annotations

__all__ = ["amount", "percent", "seconds", "times"]


def seconds(value: float) -> str:
    """A duration: `0.42 s`, `42 s`, `3.5 min`, `2.1 h`."""
    if value < 10:
        return f"{value:.2g} s"
    if value < 120:
        return f"{value:.0f} s"
    return f"{_short(value / 60)} min" if value < 7200 else f"{_short(value / 3600)} h"


def times(ratio: float) -> str:
    """A factor: `2.4 times`; under one as a share: `21 %`."""
    return f"{_short(ratio)} times" if ratio >= 1 else percent(ratio)


def percent(share: float) -> str:
    """A share: `4.2 %`, `98 %`, `100 %`."""
    return f"{100 * share:.2g} %" if share < 0.1 else f"{100 * share:,.0f} %"


def amount(value: float) -> str:
    """A count with separators: `12,500`."""
    return f"{value:,.0f}"


def _short(value: float) -> str:
    return f"{value:.3g}" if value < 100 else f"{value:,.0f}"
