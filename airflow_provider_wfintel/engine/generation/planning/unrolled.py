"""Chains of work for stated items, written out once per item where dynamic mapping cannot carry the item along.

"For each country in de and fr: download …/{country}.csv, upload it to …/{country}/ and load it into …_{country}": a
mapped task hands on its results, not the item that they belong to.
"""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.catalog import Catalog
from airflow_provider_wfintel.engine.generation.planning.choice import is_kind
from airflow_provider_wfintel.engine.generation.planning.mapping import for_item
from airflow_provider_wfintel.engine.generation.reading.flow import Edge, Flow
from airflow_provider_wfintel.engine.generation.reading.steps import ForEach, Step

__all__ = ["only_next", "with_unrolled"]

# More items than these make a file that nobody reads.
_MOST = 12


def with_unrolled(flow: Flow, catalog: Catalog) -> Flow:
    """The flow with such chains written out, each item's beside the others."""
    start = 0
    while start < len(flow.steps):
        chain = _chain(flow, start, catalog)
        rows = _rows(flow, chain) if chain else None
        if rows is None:
            start += 1
            continue
        flow = _written_out(flow, chain, rows)
        start += len(chain) * len(rows)
    return flow


def _chain(flow: Flow, start: int, catalog: Catalog) -> tuple[int, ...]:
    """The steps that belong to the items of the step at `start`; empty if one mapped task does for them."""
    first = flow.steps[start]
    each = first.foreach
    if each is None or not 2 <= len(each.items) <= _MOST or first.tool:
        return ()
    chain, position = [start], start
    while (position := only_next(flow, position)) >= 0 and _goes_on(flow.steps[position], each):
        chain.append(position)
    return tuple(chain) if len(chain) > 1 or _takes_two(first, catalog) else ()


def _goes_on(step: Step, each: ForEach) -> bool:
    same = step.foreach is None or step.foreach.items == each.items
    return same and step.guard is None and any(_hole(each).search(item.slot.value) for item in step.slots)


def _takes_two(step: Step, catalog: Catalog) -> bool:
    """Whether a copy is read by one task and written by another, since no operator does both."""
    both = is_kind(step.source, "sql") and is_kind(step.target, "sql") and step.source != step.target
    return both and not any(True for _ in catalog.transfers(step.source, step.target))


def _hole(each: ForEach) -> re.Pattern[str]:
    word = re.escape(each.noun.split(" ")[0].removesuffix("s"))
    return re.compile(rf"\{{\{{?\s*{word}\s*\}}?\}}|<{word}>|\$\{{?{word}\b\}}?", re.IGNORECASE)


def _rows(flow: Flow, chain: tuple[int, ...]) -> list[list[Step]] | None:
    """For each item its steps, or None if an item has no place in one of them."""
    each = flow.steps[chain[0]].foreach
    assert each is not None  # noqa: S101 - the caller checked
    rows = []
    for item in each.items:
        row = []
        for position in chain:
            step = flow.steps[position]
            slots = tuple(own for own in step.slots if own.slot.name != "items" and own.slot.value not in each.items)
            one = for_item(replace(step, slots=slots, foreach=step.foreach or each), each.noun, item)
            if one is None:
                return None
            row.append(replace(one, words=_hole(each).sub(item, one.words), foreach=None))
        rows.append(row)
    return rows


def only_next(flow: Flow, position: int) -> int:
    """The one step that follows a step and comes after nothing else, or -1."""
    after = [edge.downstream for edge in flow.edges if edge.upstream == position]
    if len(after) != 1:
        return -1
    before = [edge.upstream for edge in flow.edges if edge.downstream == after[0]]
    return after[0] if before == [position] else -1


def _written_out(flow: Flow, chain: tuple[int, ...], rows: list[list[Step]]) -> Flow:
    steps: list[Step] = []
    new: dict[int, list[int]] = {}
    for index, step in enumerate(flow.steps):
        if index == chain[0]:
            for row in rows:
                for position, one in zip(chain, row, strict=True):
                    new.setdefault(position, []).append(len(steps))
                    steps.append(one)
        elif index not in chain:
            new[index] = [len(steps)]
            steps.append(step)
    edges: dict[tuple[int, int], Edge] = {}
    for edge in flow.edges:
        inside = edge.upstream in chain and edge.downstream in chain
        ups, downs = new[edge.upstream], new[edge.downstream]
        pairs = zip(ups, downs, strict=True) if inside else ((up, down) for up in ups for down in downs)
        for up, down in pairs:
            edges[up, down] = Edge(up, down, edge.reason, edge.evidence)
    return replace(flow, steps=tuple(steps), edges=tuple(edges.values()))
