"""Tables that land as Parquet, Avro or ORC, said in several clauses: one export, for rows in XCom are no such files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from airflow_provider_wfintel.engine.catalog import Catalog
from airflow_provider_wfintel.engine.generation.planning.choice import is_kind
from airflow_provider_wfintel.engine.generation.planning.unrolled import only_next
from airflow_provider_wfintel.engine.generation.reading.flow import Edge, Flow
from airflow_provider_wfintel.engine.generation.reading.steps import Step

__all__ = ["with_columnar_exports"]

_COLUMNAR = re.compile(r"\b(?:parquet|avro|orc)\b", re.IGNORECASE)
_CONVERTS = re.compile(
    r"\W*(?:(?:then|and)\W+)*(?:convert|transform|turn|change|save|write)\s+(?:it|them|that|(?:the|all)\s+(?:data|rows|records|results?|extract|table))\s*(?:(?:in)?to|as)?\s*(?:parquet|avro|orc)?(?:\s+(?:files?|format))?\W*",
    re.IGNORECASE,
)


def with_columnar_exports(flow: Flow, catalog: Catalog) -> Flow:
    """The flow with every "extract …, (convert it,) land it as Parquet in …" as one copy."""
    while True:
        chain = next((found for start in range(len(flow.steps)) if (found := _chain(flow, start, catalog))), None)
        if chain is None:
            return flow
        flow = _merged(flow, chain)


def _chain(flow: Flow, start: int, catalog: Catalog) -> tuple[int, ...] | None:
    """The steps of an export that starts with the extraction at `start`, or None."""
    first = flow.steps[start]
    if first.action != "extract" or not is_kind(first.source or first.target, "sql") or first.foreach is not None:
        return None
    chain, position = [start], start
    while (position := only_next(flow, position)) >= 0:
        step = flow.steps[position]
        chain.append(position)
        if step.guard is not None or step.foreach is not None or step.trigger_rule != "all_success":
            return None
        if step.action in ("load", "copy") and is_kind(step.target, "objects") and step.source in ("", first.source):
            said = any(_COLUMNAR.search(flow.steps[item].words) for item in chain)
            known = any(True for _ in catalog.transfers(first.source or first.target, step.target))
            return tuple(chain) if said and known and not step.values("table") else None
        if step.services or step.slots or not _CONVERTS.fullmatch(step.words):
            return None
    return None


def _merged(flow: Flow, chain: Sequence[int]) -> Flow:
    first, last = flow.steps[chain[0]], flow.steps[chain[-1]]
    service = first.source or first.target
    form = next(found.group() for item in chain if (found := _COLUMNAR.search(flow.steps[item].words)))
    words = f"{first.words} and {last.words}"
    one: Step = replace(
        last,
        action="copy",
        lemma="export",
        source=service,
        slots=(*(replace(item, service=item.service or service) for item in first.slots), *last.slots),
        words=words if _COLUMNAR.search(words) else f"{words} as {form}",
        spans=tuple(span for item in chain for span in flow.steps[item].spans),
        guard=first.guard,
        conditions=(),
    )
    places = [index for index in range(len(flow.steps)) if index not in chain[1:]]
    new = {old: place for place, old in enumerate(places)} | {item: places.index(chain[0]) for item in chain[1:]}
    steps = tuple(one if index == chain[0] else flow.steps[index] for index in places)
    edges = {
        (new[edge.upstream], new[edge.downstream]): Edge(
            new[edge.upstream], new[edge.downstream], edge.reason, edge.evidence
        )
        for edge in flow.edges
        if new[edge.upstream] != new[edge.downstream]
    }
    return replace(flow, steps=steps, edges=tuple(edges.values()))
