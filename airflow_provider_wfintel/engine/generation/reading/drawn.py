"""Graphs drawn with lines: "a ─┐", "├─→ c → d", "b ─┘"."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from itertools import pairwise

from airflow_provider_wfintel.engine.model import Span

__all__ = ["drawn_graph"]

_LINES = "─│┐┘├└┤┌┬┴┼╮╯╭╰━┃"
_DRAWN = re.compile(rf"[{_LINES}]")
_NODE = re.compile(r"[A-Za-z][\w-]*(?<!-)")
_FORKS = re.compile(r"[┬┼├┌╭]")


@dataclass(frozen=True, slots=True)
class _Row:
    """The nodes of one line from left to right; whether a stroke leads into it, or out of it at its end."""

    nodes: tuple[str, ...]
    enters: bool
    leaves: bool
    fork: str


def drawn_graph(text: str, known: Set[str]) -> tuple[tuple[Span, ...], tuple[tuple[str, str], ...]]:
    """The lines that draw a graph of known names (in lower case), and its edges.

    Strokes that leave lines join where a stroke enters one; from a fork they go to every line below it.
    """
    spans: list[Span] = []
    edges: list[tuple[str, str]] = []
    block: list[str] = []
    start = begin = 0
    for line in (*text.split("\n"), ""):
        if _DRAWN.search(line):
            begin = begin if block else start
            block.append(line)
        elif block:
            rows = [_row(item) for item in block]
            nodes = [node for row in rows for node in row.nodes]
            if nodes and all(node in known for node in nodes):
                spans.append(Span(begin, start - 1))
                edges += _edges(rows)
            block = []
        start += len(line) + 1
    return tuple(spans), tuple(dict.fromkeys(edges))


def _row(line: str) -> _Row:
    found = list(_NODE.finditer(line))
    if not found:
        return _Row((), enters=False, leaves=False, fork="")
    before, behind = line[: found[0].start()], line[found[-1].end() :]
    forked = next(
        (left.group() for left, right in pairwise(found) if _FORKS.search(line[left.end() : right.start()])), ""
    )
    fork = forked or (found[-1].group() if _FORKS.search(behind) else "")
    return _Row(
        tuple(match.group().lower() for match in found),
        enters=_DRAWN.search(before) is not None,
        leaves=_DRAWN.search(behind) is not None,
        fork=fork.lower(),
    )


def _edges(rows: list[_Row]) -> list[tuple[str, str]]:
    edges = [pair for row in rows for pair in pairwise(row.nodes)]
    joined = [row.nodes[-1] for row in rows if row.leaves and row.nodes[-1] != row.fork]
    fork = next((row.fork for row in rows if row.fork), "")
    for row in rows:
        if row.enters:
            edges += [(up, row.nodes[0]) for up in (joined or [fork]) if up and up != row.nodes[0]]
    return edges
