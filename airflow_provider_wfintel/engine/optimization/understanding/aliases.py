"""Whether two names of resources may mean the same thing."""

from __future__ import annotations

import re

__all__ = ["HOLE", "HOLE_WORD", "gathers", "is_log", "is_view", "may_alias"]

HOLE = "hole\u2039"
"""Begins what stands in the name of a table for something that is not known; `HOLE_WORD` is the whole of it."""
HOLE_WORD = re.compile("hole\u2039[^\u203a]*\u203a")
_VIEW = re.compile(r"(?:^|_)(?:v|vw|view|views|mv|mview|matview)(?:_|$)")
_GATHERED = re.compile(r"(?:^|_)(?:all|any|current|latest|newest|combined|unified|union|merged|total|full)(?:_|$)")
_LOG = re.compile(
    r"\.(?:log|jsonl|ndjson|out|err)$|(?:^|[/_.-])(?:logs?|events?|journal|diary|trace|audit|metrics)(?:[_.-]|$)"
)
_PRIVATE = "private "
_NAMED_FILE = re.compile(r"(?P<whole>/)?(?P<name>[^/⟩]+\.(?P<ending>[A-Za-z0-9]{1,8}))$")
_FOLDERS = {"parquet", "delta", "orc", "zarr", "lance", "d", "tmp", "part", "db", "sqlite", "sqlite3", "duckdb"}
"""What the names of folders may end with that are written as if they were files, and of databases, which hold much."""


def may_alias(left: str, right: str) -> bool:
    """Whether two different resource names may still mean the same thing.

    Files with holes are told apart only if they start with the same hole and go on with different plain text, or if both
    end like the name of a file (`orders.csv`, `⟨region⟩_orders.csv`) and these ends differ; a path that is not absolute may be the end of one that is. A table without schema may be the table of that name in
    any schema, and a view may show any table.
    """
    if left == right:
        return True
    kind, _, one = left.partition(":")
    other_kind, _, two = right.partition(":")
    if {kind, other_kind} == {"table", "view"}:
        return True
    if kind != other_kind:
        return False
    if kind == "table":
        return _same_table(one, two)
    return kind == "file" and _same_file(one, two)


def _same_file(one: str, two: str) -> bool:
    if one.startswith(_PRIVATE) or two.startswith(_PRIVATE):
        return _holds_private(one, two) or _holds_private(two, one)
    if "⟨" not in one and "⟨" not in two:
        if one.startswith("/") is not two.startswith("/"):
            whole, part = (one, two) if one.startswith("/") else (two, one)
            return f"/{part.strip('/')}/" in f"{whole}/" or part in (".", "")
        return _under(one, two) or _under(two, one)
    head_one, _, tail_one = one.rpartition("⟩")
    head_two, _, tail_two = two.rpartition("⟩")
    if head_one != head_two:
        return not _other_files(one, two)
    return _under(tail_one, tail_two) or _under(tail_two, tail_one)


def _other_files(one: str, two: str) -> bool:
    """Whether both are files by their endings whose names end differently: whatever their folders, they are not the same."""
    found = [_NAMED_FILE.search(path) for path in (one, two)]
    if any(name is None or name["ending"].lower() in _FOLDERS for name in found):
        return False
    (name, whole), (other, other_whole) = ((item["name"].lower(), item["whole"]) for item in found if item)
    if whole and other_whole:
        return name != other
    # A hole stands before a name that is no whole one: it may be the end of the other.
    return not ((name.endswith(other) and not other_whole) or (other.endswith(name) and not whole))


def _same_table(one: str, two: str) -> bool:
    """Tables of which one has no schema, names with holes that may be filled so, and views, which may show any table."""
    if is_view(one) or is_view(two):
        return True
    left, right = one.split("."), two.split(".")
    return (len(left) != len(right) or HOLE in one or HOLE in two) and all(
        _same_word(mine, theirs) for mine, theirs in zip(reversed(left), reversed(right), strict=False)
    )


def _same_word(one: str, two: str) -> bool:
    if one == two:
        return True
    if HOLE not in one and HOLE not in two:
        return False
    if HOLE_WORD.findall(one) == HOLE_WORD.findall(two):
        return False  # the same holes are filled alike, so the plain text decides
    first, second = HOLE_WORD.split(one), HOLE_WORD.split(two)
    starts = sorted((first[0], second[0]), key=len)
    ends = sorted((first[-1], second[-1]), key=len)
    return starts[1].startswith(starts[0]) and ends[1].endswith(ends[0])


def is_view(table: str) -> bool:
    """Whether the name of a table says that it is a view: what it shows lies in other tables."""
    return bool(_VIEW.search(table.rpartition(".")[2]))


def gathers(table: str) -> bool:
    """Whether the name of a table says that it gathers others; if no task makes it, it may be a view over them."""
    return bool(_GATHERED.search(table.rpartition(".")[2]))


def is_log(resource: str) -> bool:
    """Whether a file that lines are added to is a log by its name: then it does not matter which line comes first."""
    return bool(_LOG.search(resource.rpartition("/")[2].lower()))


def _holds_private(one: str, two: str) -> bool:
    """Whether one is a folder in which the other, a file of one process only, lies."""
    return two.startswith(_PRIVATE) and not one.startswith(_PRIVATE) and _under(one, two.removeprefix(_PRIVATE))


def _under(folder: str, path: str) -> bool:
    """Whether one path lies below the other (a folder that is written as a whole)."""
    return path.startswith(folder.rstrip("/") + "/")
