"""The performance report of a deployment: one value, as Markdown or HTML."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from airflow_provider_wfintel.engine.model import markdown_escaped
from airflow_provider_wfintel.engine.monitoring.report_chart import ReportChart, as_svg

__all__ = ["PerformanceReport", "ReportTable", "as_html", "as_markdown"]


@dataclass(frozen=True, slots=True)
class ReportTable:
    """One part of a report. `empty` is said where there are no rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = "none"


@dataclass(frozen=True, slots=True)
class PerformanceReport:
    """A report: title, the time it is about in words, sentences in short, tables, and charts over time."""

    title: str
    period: str
    summary: tuple[str, ...]
    tables: tuple[ReportTable, ...]
    charts: tuple[ReportChart, ...] = ()


def as_markdown(report: PerformanceReport) -> str:
    """The report as Markdown, without its charts. What users named is escaped: no name becomes a link or an image."""
    out = [f"# {_plain(report.title)}", "", _plain(report.period), ""]
    out += [f"- {_plain(line)}" for line in report.summary]
    for table in report.tables:
        out += ["", f"## {_plain(table.title)}", ""]
        out += list(_markdown_rows(table)) if table.rows else [_plain(table.empty)]
    return "\n".join(out) + "\n"


def as_html(report: PerformanceReport) -> str:
    """The report as one HTML document without scripts, styles from elsewhere or links."""
    parts = [f"<h1>{_e(report.title)}</h1>", f"<p>{_e(report.period)}</p>"]
    parts.append("<ul>" + "".join(f"<li>{_e(line)}</li>" for line in report.summary) + "</ul>")
    parts += [f"<h2>{_e(chart.title)}</h2>{as_svg(chart)}" for chart in report.charts if chart.bars]
    for table in report.tables:
        parts.append(f"<h2>{_e(table.title)}</h2>")
        if not table.rows:
            parts.append(f"<p>{_e(table.empty)}</p>")
            continue
        head = "".join(f"<th>{_e(name)}</th>" for name in table.columns)
        rows = "".join("<tr>" + "".join(f"<td>{_e(cell)}</td>" for cell in row) + "</tr>" for row in table.rows)
        parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")
    style = (
        "body{font-family:sans-serif}td,th{padding:2px 10px;text-align:left}svg{max-width:100%}"
        "@media print{h2{break-after:avoid}table,svg{break-inside:avoid}}"
    )
    head = f'<meta charset="utf-8"><title>{_e(report.title)}</title><style>{style}</style>'
    return f"<!doctype html><html><head>{head}</head><body>{''.join(parts)}</body></html>\n"


def _markdown_rows(table: ReportTable) -> Iterator[str]:
    yield _row(table.columns)
    yield _row(["---"] * len(table.columns))
    for row in table.rows:
        yield _row([_plain(cell) for cell in row])


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _plain(text: str) -> str:
    return markdown_escaped(" ".join(text.split()))


def _e(text: str) -> str:
    return html.escape(" ".join(text.split()))
