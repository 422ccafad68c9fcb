"""Charts of a report as inline SVG: no script, no style from elsewhere, so that mail programs show it, too."""

from __future__ import annotations

import html
from dataclasses import dataclass

__all__ = ["ReportBar", "ReportChart", "as_svg"]

_WIDTH, _HEIGHT, _GAP = 640, 96, 2
_TEXT = 16
_GOOD, _BAD = "#2f855a", "#c53030"


@dataclass(frozen=True, slots=True)
class ReportBar:
    """One bar: what it is about (a day), its height, and the part of it that went wrong, in the chart's unit."""

    label: str
    value: float
    bad: float = 0.0


@dataclass(frozen=True, slots=True)
class ReportChart:
    """Bars over time. `unit` is what the heights count, `bad` the word for the part that went wrong; empty for none."""

    title: str
    unit: str
    bars: tuple[ReportBar, ...]
    bad: str = ""


def as_svg(chart: ReportChart) -> str:
    """The chart as an SVG element; every bar says its number in a `<title>`."""
    most = max((bar.value for bar in chart.bars), default=0.0) or 1.0
    step = _WIDTH / max(1, len(chart.bars))
    parts = [
        _bar(chart, bar, x=index * step, width=max(1.0, step - _GAP), scale=_HEIGHT / most)
        for index, bar in enumerate(chart.bars)
    ]
    ends = ""
    if chart.bars:
        y = _HEIGHT + _TEXT - 3
        ends = (
            f'<text x="0" y="{y}" font-size="11">{html.escape(chart.bars[0].label)}</text>'
            f'<text x="{_WIDTH}" y="{y}" font-size="11" text-anchor="end">{html.escape(chart.bars[-1].label)}</text>'
        )
    size = f'viewBox="0 0 {_WIDTH} {_HEIGHT + _TEXT}" width="{_WIDTH}" height="{_HEIGHT + _TEXT}"'
    name = html.escape(f"{chart.title}: at most {most:g} {chart.unit}", quote=True)
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{name}">{"".join(parts)}{ends}</svg>'


def _bar(chart: ReportChart, bar: ReportBar, *, x: float, width: float, scale: float) -> str:
    bad, whole = bar.bad * scale, bar.value * scale
    said = f"{bar.label}: {bar.value:g} {chart.unit}" + (f", {bar.bad:g} {chart.bad}" if chart.bad else "")

    def rect(height: float, y: float, colour: str) -> str:
        place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
        return f'<rect {place} fill="{colour}"/>' if height > 0 else ""

    good = rect(whole - bad, _HEIGHT - whole, _GOOD)
    return f"<g><title>{html.escape(said)}</title>{good}{rect(bad, _HEIGHT - bad, _BAD)}</g>"
