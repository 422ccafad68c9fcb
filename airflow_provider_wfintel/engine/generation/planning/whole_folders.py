"""Folders of a server that go to S3: the operator takes one file, so the files are listed and copied one by one."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.reading.flow import Edge, Flow
from airflow_provider_wfintel.engine.generation.reading.steps import ForEach, OwnedSlot, Step
from airflow_provider_wfintel.engine.model import Span

__all__ = ["with_whole_folders"]

_FOLDER = re.compile(r"(?:~|\.{1,2})?/[\w.@+-]+(?:/[\w@+-][\w.@+-]*)*/?")
_ENDING = re.compile(r"[^/.]\.\w{1,8}$")
# A path without an ending may be a file as well: the words or a slash must say that it is a folder.
_SAYS_FOLDER = re.compile(
    r"\b(?:folders?|director(?:y|ies)|everything|all\s+(?:\w+\s+)?files?|files\s+(?:in|from|of|under|below)|contents?\s+of|"
    r"ordner|verzeichnis|dossier|répertoire|carpeta|directorio|pasta|diretório)\b",
    re.IGNORECASE,
)


def with_whole_folders(flow: Flow) -> Flow:
    """The flow with a list of the files before every copy of an SFTP folder to S3, which is then made for each of them."""
    while True:
        found = next(((index, slot) for index, step in enumerate(flow.steps) if (slot := _folder(step))), None)
        if found is None:
            return flow
        flow = _listed(flow, *found)


def _folder(step: Step) -> OwnedSlot | None:
    if step.action not in ("copy", "load") or (step.source, step.target) != ("sftp", "amazon_s3"):
        return None
    paths = [
        item
        for item in step.slots
        if item.service in ("", "sftp") and item.slot.name in ("path", "folder", "remote_path")
    ]
    if len(paths) != 1 or step.foreach is not None or step.tool:
        return None
    value = paths[0].slot.value
    named = value.endswith("/") or _SAYS_FOLDER.search(step.words) is not None
    return paths[0] if named and _FOLDER.fullmatch(value) and not _ENDING.search(value) else None


def _listed(flow: Flow, index: int, folder: OwnedSlot) -> Flow:
    step = flow.steps[index]
    span = step.spans[0] if step.spans else Span(0, 0)
    told = tuple(
        item for item in step.slots if item.slot.name in ("connection", "pattern") and item.service in ("", "sftp")
    )
    own = OwnedSlot(replace(folder.slot, name="folder"), "sftp")
    lists = Step(
        action="extract",
        lemma="list",
        source="sftp",
        slots=(own, *(replace(item, service="sftp") for item in told)),
        words=f"list files {step.words}",
        spans=step.spans,
        clause=step.clause,
        guard=step.guard,
        joins=step.joins,
    )
    rest = tuple(item for item in step.slots if item is not folder and item.slot.name != "pattern")
    copies = replace(step, slots=rest, foreach=ForEach("file", (), span, (folder.slot,)), guard=None)
    moved = [place if place < index else place + 1 for place in range(len(flow.steps))]
    edges = []
    for edge in flow.edges:
        down = index if edge.downstream == index else moved[edge.downstream]
        edges.append(replace(edge, upstream=moved[edge.upstream], downstream=down))
    edges.append(Edge(index, index + 1, "data"))
    return replace(flow, steps=(*flow.steps[:index], lists, copies, *flow.steps[index + 1 :]), edges=tuple(edges))
