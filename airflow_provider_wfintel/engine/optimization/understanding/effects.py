"""What a piece of code reads and writes: files, tables, XComs, assets. Resources have names that can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from airflow_provider_wfintel.engine.optimization.understanding.values import Term

__all__ = ["Effect", "EffectKind", "Gate", "file_resource", "may_alias", "table_resource", "xcom_resource"]

EffectKind: TypeAlias = Literal["read", "write", "append", "claim", "delete", "opaque"]
"""`claim` makes something only if it is not there yet; two claims of one thing may come in either order."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One access. `resource` is empty for `opaque`, which stands for code that was not understood.

    Attributes:
        kind: what is done.
        resource: `file:…`, `table:…`, `xcom:…`, `asset:…`.
        why: for a person: the call and its line.
    """

    kind: EffectKind
    resource: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Gate:
    """A place where the code refuses to go on because of what it saw (`raise ValueError`, `assert`)."""

    what: str
    line: int


def file_resource(path: Term) -> str | None:
    """The resource of a path, or None if the path differs between tasks or moments."""
    return None if path.varying else f"file:{path.text}"


def table_resource(name: str) -> str:
    """The resource of a table; names are compared without case and quotes."""
    return "table:" + name.replace('"', "").replace("`", "").lower()


def xcom_resource(task_id: str) -> str:
    """The resource of what a task returns."""
    return f"xcom:{task_id}"


def may_alias(left: str, right: str) -> bool:
    """Whether two different resource names may still mean the same thing.

    Files with holes are told apart only if they start with the same hole and go on with different plain text; a
    table without schema may be the table of that name in any schema.
    """
    if left == right:
        return True
    kind, _, one = left.partition(":")
    other_kind, _, two = right.partition(":")
    if kind != other_kind:
        return False
    if kind == "table":
        short, long = sorted((one.split("."), two.split(".")), key=len)
        return len(short) < len(long) and long[-len(short) :] == short
    if kind != "file":
        return False
    if "⟨" not in one and "⟨" not in two:
        return _under(one, two) or _under(two, one)
    head_one, _, tail_one = one.rpartition("⟩")
    head_two, _, tail_two = two.rpartition("⟩")
    if head_one != head_two:
        return True
    return _under(tail_one, tail_two) or _under(tail_two, tail_one)


def _under(folder: str, path: str) -> bool:
    """Whether one path lies below the other (a folder that is written as a whole)."""
    return path.startswith(folder.rstrip("/") + "/")
