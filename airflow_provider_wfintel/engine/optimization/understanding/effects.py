"""What a piece of code reads and writes: files, tables, XComs, assets. Resources have names that can be compared."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Literal, TypeAlias

from airflow_provider_wfintel.engine.optimization.understanding.values import Hole, Term

__all__ = [
    "Effect",
    "EffectKind",
    "Gate",
    "file_resource",
    "is_own",
    "private_resource",
    "table_resource",
    "xcom_resource",
]

EffectKind: TypeAlias = Literal["read", "write", "append", "claim", "delete", "folder", "opaque"]
"""`claim` makes something only if it is not there yet; two claims of one thing may come in either order. `folder` makes
a folder, which those need who write into it and do not make it themselves."""


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
    about: frozenset[str] = frozenset()
    """Files whose being there is all that it asks for."""


_OWN = ("uuid", "getpid", "getppid", "get_ident", "mkdtemp", "mkstemp", "mktemp", "token_hex", "random.")
"""Words of holes that make a name which no other process has."""


def file_resource(path: Term) -> str | None:
    """The resource of a path, or None if the path differs between tasks or moments."""
    if path.varying:
        return None
    head, mark, tail = path.text.removeprefix("file://").rpartition("⟩")
    if not tail or (mark and not tail.startswith("/")):
        return f"file:{head}{mark}{tail}"
    if mark and _leads_out(tail):
        return f"file:{head}⟩⟨{tail}⟩"  # out of a folder whose name is not known
    plain = "/" + posixpath.normpath(tail).lstrip("/") if tail.startswith("/") else posixpath.normpath(tail)
    return f"file:{head}{mark}{plain}"


def _leads_out(tail: str) -> bool:
    """Whether a path goes above the folder that it starts in."""
    depth = 0
    for part in tail.split("/"):
        depth += -1 if part == ".." else part not in ("", ".")
        if depth < 0:
            return True
    return False


def is_own(path: Term) -> bool:
    """Whether a path that differs from moment to moment is one that no other process has."""
    return any(
        isinstance(part, Hole) and part.varying and any(word in part.text for word in _OWN) for part in path.parts
    )


def private_resource(path: Term) -> str:
    """The resource of a file of one process only: told apart from all others, but lying in its folder."""
    plain = "".join(part if isinstance(part, str) else f"⟨{part.text}⟩" for part in path.parts)
    return f"file:private {plain}"


def table_resource(name: str) -> str:
    """The resource of a table; names are compared without case and quotes."""
    return "table:" + name.replace('"', "").replace("`", "").lower()


def xcom_resource(task_id: str) -> str:
    """The resource of what a task returns."""
    return f"xcom:{task_id}"
