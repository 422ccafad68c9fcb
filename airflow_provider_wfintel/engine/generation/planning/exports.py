"""Files between a database and an object store: their format, their name, and how the next step loads them."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.catalog import ServiceAction
from airflow_provider_wfintel.engine.generation.planning.choice import is_kind
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.sql import is_identifier
from airflow_provider_wfintel.engine.generation.planning.values import SlotValues
from airflow_provider_wfintel.engine.generation.reading.steps import OwnedSlot, Step
from airflow_provider_wfintel.engine.model import ArgumentValue, LiteralValue

__all__ = [
    "add_format",
    "file_format",
    "for_each_table",
    "formatted",
    "place_of_file",
    "with_file_key",
    "with_file_name",
]

_STATED = re.compile(
    r"\b(?:as|in|to|into|format|als|en|em|im)\s+(?:an?\s+|the\s+|gzipped\s+|compressed\s+)*(?P<a>parquet|csv|jsonl?|ndjson|avro|orc)\b|"
    r"\b(?P<b>parquet|csv|jsonl?|ndjson|avro|orc)[ -]?(?:files?|formats?|exports?|objects?|dumps?|dateien|datei)\b",
    re.IGNORECASE,
)
_ENDING = re.compile(r"\.(?P<e>parquet|csv|jsonl?|ndjson|avro|orc)(?:\.gz)?$", re.IGNORECASE)
_PLACES = ("bucket", "key", "uri", "prefix", "path", "folder", "file_name", "pattern", "format", "container")
_OPEN_PLACES = ("uri", "prefix", "folder", "path", "key")
_JSON = frozenset({"json", "jsonl", "ndjson"})


def file_format(step: Step) -> str:
    """The format of files that the words of a step or the name of its file state, in lower case; else empty."""
    found = _STATED.search(step.words)
    if found is not None:
        return (found.group("a") or found.group("b")).lower()
    ending = next((match for item in step.slots if (match := _ENDING.search(item.slot.value))), None)
    return ending.group("e").lower() if ending is not None else ""


def with_file_name(desk: Desk, step: Step) -> Step:
    """An export into a folder, with a name for its file: a folder is no object that could be loaded again."""
    if not (step.source and step.target and is_kind(step.target, "objects")):
        return step
    answers = _is_answer(desk, step)
    if not (is_kind(step.source, "sql") or step.source == "salesforce" or answers):
        return step
    form = file_format(step) or ("json" if answers else "csv")
    if step.source == "salesforce" and form not in ("csv", *_JSON):
        desk.notes.warn(
            "format", f"Salesforce is exported as CSV or JSON, not as {form}: the file is CSV.", desk.span(step)
        )
        form = "csv"
    name = f"{desk.run_stamp}.{form}"
    tables = [item.slot.value.rsplit(".", 1)[-1] for item in step.slots if item.slot.name == "table"]
    # Several tables may go into one folder: each has files of its own.
    own = f"{tables[0]}/" if tables and is_identifier(tables[0]) else ""
    slots = tuple(
        replace(
            item,
            slot=replace(item.slot, value=f"{item.slot.value}{own if own not in item.slot.value else ''}{name}"),
        )
        if item.slot.name in _OPEN_PLACES and item.slot.value.endswith("/") and item.service != step.source
        else item
        for item in step.slots
    )
    if slots != step.slots:
        what = " ".join(step.words.split())[:80]
        desk.notes.assume("key", f"The file of {what!r} is named {name!r} in its folder.", desk.span(step))
    return replace(step, slots=slots)


def _is_answer(desk: Desk, step: Step) -> bool:
    """Whether the answer of one HTTP call is what is stored."""
    moves = desk.catalog.transfers(step.source, step.target)
    return bool(moves) and all(".http_to_" in record.operator for record in moves)


_MARK = re.compile(r"<table>|\{table\}", re.IGNORECASE)


def for_each_table(desk: Desk, step: Step) -> Step:
    """An export that is repeated for tables, as its files are named: with a mark where the name of the table stands."""
    slots = tuple(item for item in step.slots if item.slot.name not in ("table", "items"))
    if step.foreach is None or any(_MARK.search(item.slot.value) for item in slots):
        return replace(step, slots=slots)
    name = f"<table>/{desk.run_stamp}.{file_format(step) or 'csv'}"
    return replace(
        step,
        slots=tuple(
            replace(item, slot=replace(item.slot, value=f"{item.slot.value}{name}"))
            if item.slot.name in _OPEN_PLACES and item.slot.value.endswith("/") and item.service != step.source
            else item
            for item in slots
        ),
    )


# Transfers whose target is a folder, whatever is copied into it.
_INTO_FOLDERS = frozenset(
    {
        ("amazon_s3", "google_cloud_storage"), ("google_cloud_storage", "amazon_s3"),
        ("google_cloud_storage", "azure_blob_storage"), ("google_cloud_storage", "sftp"),
        ("sftp", "azure_blob_storage"), ("azure_blob_storage", "amazon_s3"),
        ("azure_data_lake", "google_cloud_storage"), ("azure_files", "google_cloud_storage"),
    }
)  # fmt: skip
_ONE_FILE = re.compile(r"(?:^|/)(?P<name>(?:\{\{[^{}]*\}\}|[^/*?\[\]{}])*\.\w{1,8}(?:\.\w{1,4})?)$")
_FILE_SLOTS = ("uri", "path", "key", "file_name", "sql_file")
_FOLDERS = ("uri", "prefix", "folder", "path", "key")


def with_file_key(step: Step) -> Step:
    """A copy of one file into a folder, with the file's name in the folder: one file needs a whole key of its own."""
    stores = all(is_kind(item, "objects") or is_kind(item, "files") for item in (step.source, step.target) if item)
    if not stores or not step.target or (step.source, step.target) in _INTO_FOLDERS or step.target == "google_drive":
        return step
    files = [item for item in step.slots if item.service in ("", step.source) and item.slot.name in _FILE_SLOTS]
    taken = files[:1] if step.source == step.target else files
    names = [match.group("name") for item in taken if (match := _ONE_FILE.search(item.slot.value))]
    if len(taken) != 1 or len(names) != 1:
        return step
    places = [item for item in step.slots if item.service == step.target and item not in taken]
    named = [item for item in places if item.slot.name in (*_FOLDERS, "file_name")]
    if not named and is_kind(step.target, "objects") and any(item.slot.name == "bucket" for item in places):
        slot = replace(taken[0].slot, name="key", value=names[0])
        return replace(step, slots=(*step.slots, OwnedSlot(slot, step.target)))
    done = [_filled(item, names[0]) if item in named else item for item in step.slots]
    return replace(step, slots=tuple(done))


def _filled(item: OwnedSlot, name: str) -> OwnedSlot:
    value = item.slot.value
    if value.endswith("/"):
        return replace(item, slot=replace(item.slot, value=f"{value}{name}"))
    bare = item.slot.name == "uri" and re.fullmatch(r"\w+://[^/]+", value)
    return replace(item, slot=replace(item.slot, value=f"{value}/{name}")) if bare else item


def place_of_file(desk: Desk, previous: Step, step: Step, service: str) -> tuple[OwnedSlot, ...]:
    """What the step before says of the file that `step` loads: where it is, and its table if `step` names none."""
    named = bool(step.values("table"))
    kept = [
        replace(item, service=service)
        for item in with_file_key(with_file_name(desk, previous)).slots
        if (item.slot.name in _PLACES and item.service != previous.source)
        or previous.source in ("", service)
        or (item.slot.name == "table" and not named)
    ]
    return tuple(item for item in kept if item.slot.name != "connection")


def add_format(step: Step, previous: Step | None, values: SlotValues) -> None:
    """The format as a value, from the words of the step or of the export before it."""
    found = file_format(step) or (file_format(previous) if previous is not None else "")
    if found:
        values.values.setdefault("format", LiteralValue.of("json" if found in _JSON else found))


def formatted(record: ServiceAction, known: dict[str, ArgumentValue]) -> dict[str, ArgumentValue]:
    """The values with the format as the operator spells it."""
    value = known.get("format")
    name = record.operator.rpartition(":")[2]
    text = str(value.value) if isinstance(value, LiteralValue) else ""
    if name.startswith("CopyFromExternalStageToSnowflake"):
        return _staged(known, text)
    if not text:
        return known
    if name == "SalesforceToS3Operator" and text not in ("csv", "json", "ndjson"):
        return {slot: item for slot, item in known.items() if slot != "format"}  # it writes no other form
    if name == "S3ToRedshiftOperator":
        options = {"csv": ["CSV", "IGNOREHEADER 1"], "json": ["FORMAT AS JSON 'auto'"]}
        return {"options": LiteralValue.of(options.get(text, [f"FORMAT AS {text.upper()}"])), **known}
    if name == "RedshiftToS3Operator":
        unload = {"csv": ["CSV", "HEADER"], "json": ["FORMAT AS JSON"]}.get(text, [f"FORMAT AS {text.upper()}"])
        return {"options": LiteralValue.of(unload), **known}
    if name in ("GCSToBigQueryOperator", "BigQueryToGCSOperator"):
        return {**known, "format": LiteralValue.of("NEWLINE_DELIMITED_JSON" if text == "json" else text.upper())}
    upper = name.startswith(("DatabricksCopyInto", "CloudSQLImport", "CloudSQLExport"))
    return {**known, "format": LiteralValue.of(text.upper())} if upper else known


def _staged(known: dict[str, ArgumentValue], text: str) -> dict[str, ArgumentValue]:
    """A file of an external stage by its name, several by their prefix; CSV has a header line unless the words say more."""
    key = known.get("key")
    one = isinstance(key, LiteralValue) and not re.search(r"[*?]|/$", str(key.value))
    gone = ("prefix", "pattern") if one else ("key",)
    kind = text.upper() or "CSV"
    options = f"(TYPE = {kind}{' SKIP_HEADER = 1' if kind == 'CSV' else ''})"
    return {**{name: item for name, item in known.items() if name not in gone}, "format": LiteralValue.of(options)}
