"""Files that a step before has listed, copied one by one: the transfer operator, mapped over source and target of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.by_catalog import from_choice
from airflow_provider_wfintel.engine.generation.planning.by_recipe import from_recipe
from airflow_provider_wfintel.engine.generation.planning.choice import best_action, is_kind
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft, literal
from airflow_provider_wfintel.engine.generation.planning.exports import with_file_key
from airflow_provider_wfintel.engine.generation.planning.naming import task_name, unique
from airflow_provider_wfintel.engine.generation.planning.values import SlotValues, slot_values
from airflow_provider_wfintel.engine.generation.reading.flow import Flow
from airflow_provider_wfintel.engine.generation.reading.slots import Slot
from airflow_provider_wfintel.engine.generation.reading.steps import OwnedSlot, Step
from airflow_provider_wfintel.engine.model import Argument, LiteralValue, MappingSpec, OutputRef, Span

__all__ = ["copies_of_each", "with_each_behind"]

_LISTS = {
    "list_sftp_files": "sftp", "list_ftp_files": "ftp", "list_s3_keys": "amazon_s3", "list_gcs_objects": "google_cloud_storage",
    "list_files": "filesystem", "list_blobs": "azure_blob_storage",
}  # fmt: skip
# A file that no text names: where it turns up among the arguments, the listed files go.
_FROM, _MARK = "wfintel-from", "wfintel-each-file.bin"
_PLACES = ("uri", "bucket", "container", "folder", "prefix", "path", "key")


def copies_of_each(desk: Desk, step: Step, lists: Draft | None, taken: Iterable[str]) -> tuple[Draft, ...] | None:
    """The arguments for each listed file and the transfer that is mapped over them; None if no operator copies them.

    Args:
        desk: catalogue, recipes and notes.
        step: the step that is repeated.
        lists: the task before that returns the files.
        taken: task ids that are in use.
    """
    source = _LISTS.get(lists.task.operator.recipe, "") if lists is not None else ""
    one = step.target or step.source
    step = replace(step, target=one, source="" if step.source == one else step.source)
    if lists is None or not source or not _copies(step, source):
        return None
    whole = _with_folder(step)
    marked = OwnedSlot(
        Slot("key" if is_kind(source, "objects") else "path", f"/{_FROM}/{_MARK}", _span(step), True), source
    )
    bucket = lists.task.argument("bucket") or lists.task.argument("container")
    own = (marked, *_bucket(bucket, source, step), *_connection(lists, source, step))
    whole = with_file_key(replace(whole, source=source, foreach=None, slots=(*own, *whole.slots)))
    values = slot_values(whole, source, step.target)
    choice = best_action(desk.catalog.transfers(source, step.target), whole, values, action="copy")
    if choice is None or choice.missing:
        return None
    transfer = from_choice(desk, whole, choice, values, task_name(whole))
    marks = {item.name: text for item in transfer.task.arguments if (text := _marked(item))}
    sources = [name for name, value in marks.items() if value.endswith(f"{_FROM}/{_MARK}")]
    targets = [name for name in marks if name not in sources]
    if len(sources) != 1 or len(targets) != 1:
        return None
    folder = marks[targets[0]].removesuffix(_MARK)
    name = unique(f"{transfer.task.task_id}_files", taken)
    extra: tuple[Argument, ...] = (
        Argument("paths", OutputRef(lists.task.task_id), "implied"),
        literal("source", sources[0], "implied"),
        literal("target", targets[0], "implied"),
        *((literal("folder", folder),) if folder else ()),
    )
    pairs = from_recipe(desk, whole, "file_arguments", SlotValues({}, {}), name, service=source, extra=extra)
    pairs = replace(pairs, needs="", gives="", task=replace(pairs.task, action="branch"))
    kept = tuple(item for item in transfer.task.arguments if item.name not in marks)
    task = replace(transfer.task, arguments=kept, mapping=MappingSpec("", OutputRef(name)), outlets=())
    return pairs, replace(transfer, task=task, needs="")


def with_each_behind(flow: Flow) -> Flow:
    """Of "list the files and for each of them copy it …": what is repeated is the copy, not the list."""
    flow = _without_told_list(flow)
    steps = list(flow.steps)
    for edge in flow.edges:
        first, second = steps[edge.upstream], steps[edge.downstream]
        empty = first.foreach is not None and not first.foreach.items
        if first.lemma == "list" and empty and second.foreach is None and second.action in ("copy", "load"):
            steps[edge.upstream] = replace(first, foreach=None)
            steps[edge.downstream] = replace(second, foreach=first.foreach)
    return replace(flow, steps=tuple(steps))


def _without_told_list(flow: Flow) -> Flow:
    """Of "list the tables [a, b] and for each of them …": the words give the list, so there is nothing to look up."""
    for index, step in enumerate(flow.steps[:-1]):
        named = step.foreach is not None and len(step.foreach.items) > 1 and step.lemma == "list"
        below = [edge.downstream for edge in flow.edges if edge.upstream == index]
        if not named or step.services or below != [index + 1] or step.guard is not None:
            continue
        after = flow.steps[index + 1]
        if after.foreach is None or after.foreach.items or step.foreach is None:
            continue
        given = replace(step.foreach, span=after.foreach.span)
        last = replace(after, foreach=given, spans=(*step.spans, *after.spans))
        steps = (*flow.steps[:index], last, *flow.steps[index + 2 :])
        edges = {}
        for edge in flow.edges:
            up, down = (place - (place > index) for place in (edge.upstream, edge.downstream))
            if up != down:
                edges[up, down] = replace(edge, upstream=up, downstream=down)
        return replace(flow, steps=steps, edges=tuple(edges.values()))
    return flow


def _copies(step: Step, source: str) -> bool:
    """Whether each of the files goes to another store, as it is."""
    stores = is_kind(step.target, "objects") or is_kind(step.target, "files")
    each = step.foreach is not None and not step.foreach.items
    elsewhere = step.source not in ("", source, step.target)
    return each and step.action in ("copy", "load") and stores and not elsewhere and not step.tool


def _span(step: Step) -> Span:
    return step.spans[0] if step.spans else Span(0, 0)


def _with_folder(step: Step) -> Step:
    """The step with its target as a folder: each file goes into it under its own name."""
    stores = is_kind(step.target, "objects")
    slots = tuple(
        replace(item, slot=_as_folder(item.slot, stores=stores))
        for item in step.slots
        if item.service in ("", step.target) and item.slot.name in (*_PLACES, "connection", "account")
    )
    return replace(step, slots=slots)


def _as_folder(slot: Slot, *, stores: bool) -> Slot:
    if slot.name not in ("uri", "folder", "prefix", "path", "key"):
        return slot
    name = slot.name if slot.name == "uri" else "key" if stores else "path"
    return replace(slot, name=name, value=f"{slot.value.rstrip('/')}/")


def _bucket(bucket: Argument | None, source: str, step: Step) -> tuple[OwnedSlot, ...]:
    if bucket is None or not isinstance(bucket.value, LiteralValue):
        return ()
    return (OwnedSlot(Slot("bucket", str(bucket.value.value), _span(step), True), source),)


def _connection(lists: Draft, source: str, step: Step) -> tuple[OwnedSlot, ...]:
    """The connection that the words name for the list: the copies are read over the same one."""
    told = lists.task.argument("conn_id")
    if told is None or told.origin != "stated" or not isinstance(told.value, LiteralValue):
        return ()
    return (OwnedSlot(Slot("connection", str(told.value.value), told.evidence or _span(step), True), source),)


def _marked(item: Argument) -> str:
    """The value of an argument that is to be another one for each file; else empty."""
    value = item.value.value if isinstance(item.value, LiteralValue) else None
    return value if isinstance(value, str) and _MARK in value else ""
