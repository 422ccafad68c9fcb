"""Reading and storing as one task: "pull the tickets from Zendesk and land them in s3://…" is one transfer.

A task that reads what the transfer after it reads again would ask the source twice and throw the first answer away.
"""

from __future__ import annotations

from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.choice import best_action, is_kind
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.exports import add_format
from airflow_provider_wfintel.engine.generation.planning.tasks import from_previous, is_enough
from airflow_provider_wfintel.engine.generation.planning.values import connection_of, slot_values
from airflow_provider_wfintel.engine.generation.reading.flow import Flow
from airflow_provider_wfintel.engine.generation.reading.steps import Step

__all__ = ["fused"]


def fused(desk: Desk, flow: Flow) -> Flow:
    """The flow with every read that only its transfer uses taken into that transfer."""
    for index in reversed(range(len(flow.steps))):
        after = [edge.downstream for edge in flow.edges if edge.upstream == index]
        before = [edge.upstream for edge in flow.edges if edge.downstream == after[0]] if len(after) == 1 else []
        if before != [index]:
            continue
        joined = _joined(desk, flow.steps[index], flow.steps[after[0]])
        if joined is not None:
            flow = _without(flow, index, after[0], joined)
    return flow


def _joined(desk: Desk, read: Step, stored: Step) -> Step | None:
    """Both as one step, if one transfer takes all that the words state for either."""
    plain = read.guard is None and read.foreach is None and read.trigger_rule == "all_success" and not read.tool
    if not plain or read.action != "extract" or len(read.services) != 1 or read.services[0] == "http":
        return None
    alone = stored.guard is None and stored.foreach is None and not stored.joins
    if not alone or not is_kind(stored.target, "objects"):
        return None
    step = from_previous(desk, stored, read)
    if step.source != read.services[0] or step.target == step.source:
        return None
    held = {(item.slot.name, item.slot.value) for item in step.slots}
    own = tuple(item for item in read.slots if (item.slot.name, item.slot.value) not in held)
    step = replace(
        step,
        slots=(*own, *step.slots),
        words=f"{read.words}, {step.words}",
        spans=(*read.spans, *step.spans),
        conditions=(*read.conditions, *step.conditions),
    )
    values = slot_values(step, step.source, step.target)
    add_format(step, read, values)
    choice = best_action(desk.catalog.transfers(step.source, step.target), step, values, action="copy")
    if choice is None or not is_enough(choice):
        return None
    told = connection_of(read, step.source)
    lost = set(choice.unused) - ({told.name} if told is not None else set())
    return None if lost else step


def _without(flow: Flow, index: int, after: int, joined: Step) -> Flow:
    """The flow with step `after` replaced and step `index` gone; what came before the one comes before the other."""
    steps = [joined if place == after else step for place, step in enumerate(flow.steps)]
    del steps[index]

    def moved(place: int) -> int:
        place = after if place == index else place
        return place - 1 if place > index else place

    edges = tuple(
        replace(edge, upstream=moved(edge.upstream), downstream=moved(edge.downstream))
        for edge in flow.edges
        if (edge.upstream, edge.downstream) != (index, after)
    )
    return replace(flow, steps=tuple(steps), edges=tuple(dict.fromkeys(edges)))
