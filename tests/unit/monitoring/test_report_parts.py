"""The report: charts as SVG that mail programs show, and what has changed since the time before."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from airflow_provider_wfintel.app.monitoring.report_parts import movers
from airflow_provider_wfintel.engine.monitoring.report_chart import ReportBar, ReportChart, as_svg
from airflow_provider_wfintel.engine.monitoring.service import PerformanceReport, as_html
from airflow_provider_wfintel.store.repositories.sums import Sums

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script>"


def svg(*bars: ReportBar) -> ElementTree.Element:
    return ElementTree.fromstring(as_svg(ReportChart("Runs", "runs", bars, "failed")))  # noqa: S314 - our own text


def test_bars_are_as_high_as_their_values_and_the_failed_part_stands_at_the_foot() -> None:
    rects = svg(ReportBar("Mon", 10, 5), ReportBar("Tue", 5)).findall(f".//{SVG}rect")
    heights = [float(item.get("height", 0)) for item in rects]
    feet = [float(item.get("y", 0)) + float(item.get("height", 0)) for item in rects]
    assert heights == [48, 48, 48]
    assert feet == [48, 96, 96]


def test_every_bar_says_its_number_and_the_chart_its_highest() -> None:
    found = svg(ReportBar("Mon", 10, 5))
    assert [item.text for item in found.iter(f"{SVG}title")] == ["Mon: 10 runs, 5 failed"]
    assert found.get("aria-label") == "Runs: at most 10 runs"


@pytest.mark.parametrize("bars", [(), (ReportBar("Mon", 0),)])
def test_nothing_to_show_is_a_chart_without_bars(bars: tuple[ReportBar, ...]) -> None:
    assert svg(*bars).findall(f".//{SVG}rect") == []


def test_no_name_becomes_markup() -> None:
    chart = ReportChart(HOSTILE, HOSTILE, (ReportBar(HOSTILE, 1),), HOSTILE)
    assert "<script" not in as_html(PerformanceReport("t", "p", (), (), (chart,)))


def test_longer_runs_and_more_failures_are_movers_and_a_few_runs_are_not() -> None:
    before = {
        "longer": Sums(runs=10, makespan_seconds=600),
        "worse": Sums(runs=10, failed_runs=1, makespan_seconds=600),
        "same": Sums(runs=10, failed_runs=1, makespan_seconds=600),
        "rare": Sums(runs=2, makespan_seconds=60),
    }
    now = {
        "longer": Sums(runs=10, makespan_seconds=1200),
        "worse": Sums(runs=10, failed_runs=4, makespan_seconds=600),
        "same": Sums(runs=10, failed_runs=1, makespan_seconds=610),
        "rare": Sums(runs=2, makespan_seconds=600),
        "new": Sums(runs=10, makespan_seconds=600),
    }
    assert movers(now, before, 7).rows == (
        ("longer", "runs take longer", "1.0 min", "2.0 min"),
        ("worse", "fails more often", "10%", "40%"),
    )
