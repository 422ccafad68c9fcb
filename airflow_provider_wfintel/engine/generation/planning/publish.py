"""Publications: "publish the asset `s3://…`" is no task but an outlet of the work before it."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.reading.flow import Edge, Flow
from airflow_provider_wfintel.engine.generation.reading.steps import Step

__all__ = ["split_publications"]

_ASSET = re.compile(r"\b(?:assets?|datasets?/assets?|asset event|airflow dataset)\b", re.IGNORECASE)


def _is_publication(step: Step) -> bool:
    return (
        step.lemma in ("publish", "update", "mark", "emit", "announce", "refresh")
        and bool(_ASSET.search(step.words))
        and bool(step.values("uri") or step.values("name") or step.values("path"))
    )


def split_publications(flow: Flow) -> tuple[Flow, tuple[str, ...]]:
    """The flow without publications, and the URIs of the published assets."""
    gone = [index for index, step in enumerate(flow.steps) if _is_publication(step) and len(flow.steps) > 1]
    uris = [value for index in gone for name in ("uri", "name", "path") for value in flow.steps[index].values(name)]
    if not gone:
        return flow, ()
    place: dict[int, int] = {}
    kept: list[Step] = []
    for index, step in enumerate(flow.steps):
        if index not in gone:
            place[index] = len(kept)
            kept.append(step)
    edges: list[Edge] = []
    for edge in flow.edges:
        if edge.downstream in gone:
            continue
        ups = [edge.upstream]
        while any(up in gone for up in ups):
            ups = [other.upstream for up in ups if up in gone for other in flow.edges if other.downstream == up] + [
                up for up in ups if up not in gone
            ]
        edges.extend(replace(edge, upstream=place[up], downstream=place[edge.downstream]) for up in ups)
    return replace(flow, steps=tuple(kept), edges=tuple(edges)), tuple(dict.fromkeys(uris))
