"""What a call answers, stored in a folder: the file gets a name of its own for every run, so that a later load takes only it."""

from __future__ import annotations

from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.choice import is_kind
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.reading.flow import Flow

__all__ = ["with_named_files"]

_CALLED = frozenset({"http", "webhook"})


def with_named_files(desk: Desk, flow: Flow) -> Flow:
    """The flow with a file name in the folder that an answer is stored in."""
    steps = list(flow.steps)
    for index, step in enumerate(flow.steps):
        ups = [edge.upstream for edge in flow.edges if edge.downstream == index]
        if step.action not in ("load", "copy") or step.source or not is_kind(step.target, "objects") or len(ups) != 1:
            continue
        before = flow.steps[ups[0]]
        folders = [item for item in step.slots if item.slot.name == "uri" and item.slot.value.endswith("/")]
        if before.action != "extract" or not {before.source, before.target} & _CALLED or len(folders) != 1:
            continue
        if step.foreach is not None or before.foreach is not None or step.values("file_name"):
            continue
        name = f"{folders[0].slot.value}{desk.run_stamp}.json"
        named = tuple(
            replace(item, slot=replace(item.slot, value=name)) if item is folders[0] else item for item in step.slots
        )
        steps[index] = replace(step, slots=named)
        desk.notes.assume("key", f"What {step.words.strip()[:80]!r} stores is named {name!r}.", desk.span(step))
    return replace(flow, steps=tuple(steps))
