"""Tables and folders that become files elsewhere: a table as CSV of the worker, a folder of the worker in S3."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.by_catalog import from_choice
from airflow_provider_wfintel.engine.generation.planning.by_recipe import from_recipe
from airflow_provider_wfintel.engine.generation.planning.choice import best_action, is_kind
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft, literal
from airflow_provider_wfintel.engine.generation.planning.local import OUTWARDS
from airflow_provider_wfintel.engine.generation.planning.sql import is_identifier
from airflow_provider_wfintel.engine.generation.planning.values import SlotValues, slot_values
from airflow_provider_wfintel.engine.generation.reading.slots import Slot
from airflow_provider_wfintel.engine.generation.reading.steps import OwnedSlot, Step
from airflow_provider_wfintel.engine.model import Argument, LiteralValue, Span

__all__ = ["folder_to_store", "in_bucket", "table_to_file"]

_CSV = re.compile(r"(?:~|\.{1,2})?/(?:\{\{[\w. |]+\}\}|[^\s*{}])+\.csv(?:\.gz)?$", re.IGNORECASE)
_OUT = re.compile(
    r"\b(?:dump\w*|export\w*|unload\w*|sav(?:e|es|ed|ing)|writ(?:e|es|ten|ing)|extract\w*)\b", re.IGNORECASE
)
_FOLDER = re.compile(r"(?:~|\.{1,2})?/[\w.@+-]+(?:/[\w@+-][\w.@+-]*)*/?$")
_STORES = ("amazon_s3", "google_cloud_storage")
_UP = re.compile(
    r"\b(?:upload\w*|sync\w*|cop(?:y|ies)|back\w*\s+up|push\w*|transfer\w*|send\w*|archiv\w*|put\w*|load\w*|store\w*|mirror\w*)\b.*?(?:/|`)",
    re.IGNORECASE,
)
_NO_CURSOR = frozenset(("google_bigquery", "google_alloydb", "google_cloud_sql", "amazon_athena"))


def table_to_file(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:  # noqa: ARG001 - every builder is asked the same way
    """A query or a table of a database that is written to a CSV file of the worker."""
    service = step.source or step.target
    others = set(step.services) - {service, "filesystem"}
    if not is_kind(service, "sql") or service in _NO_CURSOR or others or step.foreach is not None or step.tool:
        return None
    out = step.lemma.split(" ")[0].lower() in OUTWARDS or _OUT.search(step.words) is not None
    if step.action not in ("load", "copy", "extract") or not out or is_kind(step.target, "objects"):
        return None
    paths = [value for name in ("path", "file_name") for value in step.values(name) if _CSV.fullmatch(value)]
    tables = [value for value in step.values("table") if is_identifier(value)]
    stated = step.values("sql")
    if len(set(paths)) != 1 or len(tables) + len(stated) != 1:
        return None
    sql = stated[0] if stated else f"SELECT * FROM {tables[0]}"  # noqa: S608 - a plain name
    if not stated:
        desk.notes.assume("sql", f"All columns and rows of {tables[0]!r} are written.", desk.span(step))
    extra: tuple[Argument, ...] = (literal("sql", sql), literal("path", paths[0]))
    own = replace(step, action="extract", source=service, target="")
    return (from_recipe(desk, own, "query_to_csv", SlotValues({}, {}), task, service=service, extra=extra),)


def in_bucket(desk: Desk, step: Step) -> Step:
    """What goes to a bucket of "S3 Glacier" goes by S3: Glacier's own archives lie in vaults."""
    if step.target != "amazon_glacier" or not step.values("bucket") or step.tool:
        return step
    text = f"What goes to the bucket {step.values('bucket')[0]!r} is stored by S3; its lifecycle rule moves it to the storage class Glacier."
    desk.notes.assume("storage_class", text, desk.span(step))
    slots = tuple(
        replace(item, service="amazon_s3") if item.service == "amazon_glacier" else item for item in step.slots
    )
    return replace(step, target="amazon_s3", slots=slots)


def folder_to_store(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:  # noqa: ARG001 - every builder is asked the same way
    """A folder of the worker whose files go into a bucket: the operator of S3 takes single files only."""
    one = step.target or step.source
    if step.action not in ("load", "copy") or one not in _STORES or set(step.services) - {one, "filesystem"}:
        return None
    folders = [
        item.slot.value
        for item in step.slots
        if item.slot.name in ("path", "folder")
        and _FOLDER.fullmatch(item.slot.value)
        and not _has_ending(item.slot.value)
    ]
    if not _UP.search(step.words):
        return None
    own = [item for item in step.slots if item.slot.value not in folders]
    values = slot_values(replace(step, slots=tuple(own)))
    bucket = values.values.get("bucket")
    if len(folders) != 1 or not isinstance(bucket, LiteralValue) or step.foreach is not None or step.tool:
        return None
    prefix = values.values.get("prefix") or values.values.get("key")
    told = str(prefix.value) if isinstance(prefix, LiteralValue) else ""
    if one == "google_cloud_storage":
        return _to_gcs(desk, replace(step, slots=tuple(own)), task, folders[0], told)
    extra: list[Argument] = [literal("folder", folders[0]), literal("bucket", bucket.value)]
    if told:
        extra.append(literal("prefix", f"{told.rstrip('/')}/"))
    return (
        from_recipe(desk, step, "upload_folder_s3", SlotValues({}, {}), task, service="amazon_s3", extra=tuple(extra)),
    )


def _to_gcs(desk: Desk, step: Step, task: str, folder: str, prefix: str) -> tuple[Draft, ...] | None:
    """The operator of Cloud Storage takes all files of a folder by a pattern."""
    store = "google_cloud_storage"
    pattern = Slot("path", f"{folder.rstrip('/')}/*", desk.span(step) or Span(0, 0), True)
    key = f"{(prefix or folder.rstrip('/').rsplit('/', 1)[-1]).rstrip('/')}/"
    places = [item for item in step.slots if item.slot.name in ("bucket", "connection")]
    bucket = slot_values(step).values.get("bucket")
    named = (
        [OwnedSlot(Slot("bucket", str(getattr(bucket, "value", "")), pattern.span, True), store)] if not places else []
    )
    slots = (
        OwnedSlot(pattern, "filesystem"),
        OwnedSlot(replace(pattern, name="key", value=key), store),
        *named,
        *places,
    )
    own = replace(step, source="filesystem", target=store, slots=tuple(slots))
    values = slot_values(own, "filesystem", store)
    choice = best_action(desk.catalog.transfers("filesystem", store), own, values, action="copy")
    return None if choice is None or choice.missing else (from_choice(desk, own, choice, values, task),)


def _has_ending(path: str) -> bool:
    return re.search(r"[^/.]\.\w{1,8}$", path) is not None
