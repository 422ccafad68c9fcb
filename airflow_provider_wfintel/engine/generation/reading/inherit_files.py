"""Inheritance of files: which file a step works on where only the words before it name that file."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.reading.line import Line
from airflow_provider_wfintel.engine.generation.reading.steps import OwnedSlot, Step
from airflow_provider_wfintel.engine.model import Caution

__all__ = [
    "STORES",
    "inherit_awaited",
    "inherit_file_source",
    "inherit_host",
    "inherit_made_file",
    "inherit_moved",
    "inherit_originals",
    "inherit_read_file",
]

_FILE_SERVERS = frozenset({"sftp", "ftp"})


def inherit_file_source(line: Line, step: Step) -> Step:
    """Of "wait for the marker on the SFTP server, then load /out/a.csv": the file lies where the marker does."""
    files = [
        item for item in step.slots if item.slot.name in ("path", "file_name") and item.service in ("", step.target)
    ]
    if step.action not in ("load", "copy", "extract") or step.source or step.tool or not files:
        return step
    server = next((item.source for item in reversed(line.steps) if item.source or item.target), "")
    last = line.steps[-1] if line.steps else None
    if server not in _FILE_SERVERS or last is None or last.action not in ("wait_for", "check"):
        return step
    slots = tuple(replace(item, service=server) if item in files else item for item in step.slots)
    return replace(step, source=server, slots=slots)


STORES = frozenset({"sftp", "ftp", "amazon_s3", "google_cloud_storage", "azure_blob_storage", "minio"})
_THE_FILE = re.compile(
    r"\b(?:it|them|this|that)\b|\b(?:the|this|that)\s+(?:\w+\s+)?(?:file|dump|archive|backup|export|report|result|output)\b",
    re.IGNORECASE,
)


_FROM_THERE = re.compile(
    r"\bfrom\s+(?:there|it|(?:the|that|this|the\s+same)\s+(?:host|server|machine|box|instance|node|vm))\b|\bvon\s+(?:dort|da)\b|\bde\s+(?:là|ahí|allí|lá)\b",
    re.IGNORECASE,
)


def inherit_host(line: Line, step: Step) -> Step:
    """Of "run the dump on db1 over SSH, copy /backup/a.dump from there to s3://b/": the host hands the file over by SFTP."""
    files = [item for item in step.slots if item.slot.name in ("path", "file_name")]
    if step.action not in ("copy", "load", "extract") or step.tool or not _FROM_THERE.search(step.words) or not files:
        return step
    host = next((item for item in reversed(line.steps) if {"ssh", *_FILE_SERVERS} & set(item.services)), None)
    if host is None or step.source not in ("", step.target):
        return step
    server = next((item for item in host.services if item in _FILE_SERVERS), "sftp")
    told = tuple(replace(item, service=server) for item in host.slots if item.slot.name == "connection")
    slots = tuple(replace(item, service=server) if item in files else item for item in step.slots)
    return replace(step, action="copy", source=server, slots=(*slots, *told))


def inherit_made_file(line: Line, step: Step) -> Step:
    """Of "dump … to /backup/a.gz, copy it to the SFTP server under /in/": the file that was just made goes there."""
    if step.action not in ("copy", "load") or step.source or step.tool or step.target not in STORES or not line.steps:
        return step
    last = line.steps[-1]
    made = [item for item in last.slots if item.slot.name == "path" and not item.slot.value.endswith("/")]
    own = [item for item in step.slots if item.slot.name in ("path", "uri", "bucket", "folder")]
    outside = {last.source, last.target} & STORES or last.action in ("wait_for", "check", "delete", "extract")
    if len(made) != 1 or len(own) > 1 or outside or not _THE_FILE.search(step.words):
        return step
    place = tuple(_under(item, made[0].slot.value) for item in step.slots)
    return replace(step, source="filesystem", slots=(replace(made[0], service="filesystem"), *place))


def inherit_read_file(line: Line, step: Step) -> Step:
    """Of "load /in/a.csv …, archive the file to /done/": the file that was read before moves."""
    own = [item for item in step.slots if item.slot.name in ("path", "folder")]
    moves = step.lemma.split(" ")[0] in ("move", "archive") and not step.services
    if not moves or len(own) != 1 or not own[0].slot.value.endswith("/") or not _THE_FILE.search(step.words):
        return step
    for earlier in reversed(line.steps):
        files = [
            item for item in earlier.slots if item.slot.name == "path" and re.search(r"[^/]\.\w{1,8}$", item.slot.value)
        ]
        if len(files) == 1 and not {earlier.source} & STORES:
            return replace(step, slots=(replace(files[0], service=""), *step.slots))
    return step


def inherit_awaited(line: Line, step: Step) -> Step:
    """Of "when /in/a.csv exists, load it into …": the file of the worker that was waited for is what is loaded."""
    own = [item for item in step.slots if item.slot.name in ("path", "file_name", "uri", "folder", "sql", "sql_file")]
    if step.action not in ("load", "copy") or step.source or step.tool or own or not line.steps:
        return step
    last = line.steps[-1]
    places = [item for item in last.slots if item.slot.name in ("path", "file_name")]
    files = [item for item in places if item.slot.value.startswith("/") and not item.slot.value.endswith("/")]
    local = not set(last.services) - {"filesystem"}
    if last.action != "wait_for" or len(files) != 1 or not local or not _THE_FILE.search(step.words):
        return step
    path = replace(files[0], slot=replace(files[0].slot, name="path"), service="filesystem")
    return replace(step, slots=(path, *step.slots))


def _under(item: OwnedSlot, path: str) -> OwnedSlot:
    """A folder on a file server, with the name of the file that goes there."""
    folder = item.slot.name in ("path", "folder") and item.slot.value.endswith("/")
    if not folder:
        return item
    name = path.rsplit("/", 1)[-1]
    return replace(item, slot=replace(item.slot, name="path", value=f"{item.slot.value}{name}"))


_FILES = re.compile(
    r"\b(?:them|it|those|(?:the|all|these|those|processed|loaded|source|original|raw|input|landed)\s+(?:\w+\s+)?(?:files?|objects?|data|csvs?|originals|exports?))\b",
    re.IGNORECASE,
)


def inherit_moved(line: Line, step: Step) -> Step:
    """Of "load s3://a/ into …, then move the files to s3://b/": the files lie where an earlier step took them from."""
    places = [item for item in step.slots if item.slot.name in ("uri", "bucket")]
    if step.action != "copy" or step.tool or len(places) != 1 or not _FILES.search(step.words):
        return step
    if step.source not in ("", step.target) or not step.target:
        return step
    for earlier in reversed(line.steps):
        service = earlier.source or (earlier.target if earlier.action in ("wait_for", "extract", "check") else "")
        kept = tuple(
            item for item in earlier.slots if item.slot.name in ("uri", "bucket", "prefix") and item.service == service
        )
        if service == step.target and kept:
            # An earlier copy within the same store names both of its places: the first one is where it took from.
            return replace(step, slots=(*kept[:1], *step.slots))
    return step


_ORIGINALS = re.compile(
    r"\b(?:(?:the|all|these|those)\s+)?(?:originals|(?<=the )files?|(?:input|source|original|loaded|processed|copied|imported|landed|raw)\s+(?:files?|objects?|csvs?))\b",
    re.IGNORECASE,
)


def inherit_originals(line: Line, step: Step) -> Step:
    """Of "load gs://a/in/ into …, then delete the originals": the files that an earlier step took its data from."""
    if step.action != "delete" or step.services or step.slots or not _ORIGINALS.search(step.words):
        return step
    for earlier in reversed(line.steps):
        reads = earlier.action in ("wait_for", "extract", "check", "trigger")
        service = earlier.source or (earlier.target if reads else "")
        places = [item for item in earlier.slots if item.slot.name in ("uri", "bucket", "prefix", "path", "pattern")]
        kept = tuple(item for item in places if item.service == service)
        if earlier.action == "trigger":
            # A job that is given its input: the address with a pattern or a folder is what it reads.
            kept = tuple(item for item in places if re.search(r"[*?]|/$", item.slot.value))
            service = next((_STORE_OF.get(item.slot.value.split("://")[0], "") for item in kept), "")
        folder = bool(kept) and kept[0].slot.value.endswith("/")
        if folder and _ONE_FILE.search(step.words):
            return step  # One file is meant, and the words name its folder only.
        if service in STORES and kept:
            if folder:
                what = f"All that lies under {kept[0].slot.value!r} is deleted, also what came after it was read."
                line.warnings.append(Caution("delete", what, step.spans[0]))
            slots = tuple(replace(item, service=service) for item in kept[:1])
            return replace(step, source="", target=service, slots=slots)
    return step


_ONE_FILE = re.compile(r"\b(?:the|that)\s+file\b", re.IGNORECASE)
_STORE_OF = {"s3": "amazon_s3", "s3a": "amazon_s3", "gs": "google_cloud_storage"}
