"""Arithmetic and text of values that may have holes, and paths made of them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

from airflow_provider_wfintel.engine.optimization.understanding.values import (
    BoundMethod,
    Hole,
    PathTerm,
    Term,
    Unknown,
    as_term,
    is_concrete,
)

__all__ = [
    "computed",
    "converted",
    "either",
    "is_foreign",
    "join_path",
    "path_attribute",
    "percent",
    "renamed_path",
    "text_method",
    "text_of",
]

_LONGEST = 1_000_000


def text_of(parts: Sequence[str | Hole]) -> str | Term:
    """Neighbouring pieces of text joined; a plain text if there is no hole."""
    merged: list[str | Hole] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    if all(isinstance(part, str) for part in merged):
        return "".join(str(part) for part in merged)
    return Term(tuple(merged))


def either(values: list[Any], word: str) -> Any:
    """One hole for several values of which one is taken (`if`, `or`, `and`)."""
    terms = [as_term(value) for value in values]
    if any(term is None for term in terms):
        return Unknown(word, is_foreign(*values))
    known = [term for term in terms if term is not None]
    kind = PathTerm if any(isinstance(value, PathTerm) for value in values) else Term
    text = f" {word} ".join(term.text for term in known)
    return kind((Hole(f"({text})", any(term.varying for term in known)),))


def converted(value: Any, conversion: int) -> Any:
    """`!s`, `!r`, `!a` of an f-string."""
    if conversion == ord("s"):
        return str(value)
    if conversion == ord("r"):
        return repr(value)
    return ascii(value) if conversion == ord("a") else value


def is_foreign(*values: Any) -> bool:
    """Whether one of the values came from code that was not read."""
    return any(getattr(value, "foreign", False) for value in values)


def computed(function: Callable[[Any, Any], Any] | None, left: Any, right: Any) -> Any:
    """What a function gives for plain values, or unknown if it fails or would take too much."""
    if function is None or _too_large(function, left, right):
        return Unknown("arithmetic")
    try:
        return function(left, right)
    except Exception:  # arithmetic of a stranger's values may raise anything
        return Unknown("arithmetic")


def _too_large(function: Callable[[Any, Any], Any], left: Any, right: Any) -> bool:
    if function is operator.pow:
        return not (isinstance(left, int | float) and isinstance(right, int | float) and abs(right) < 64)
    if function is operator.mul:
        sizes = [len(item) for item in (left, right) if hasattr(item, "__len__")]
        numbers = [item for item in (left, right) if isinstance(item, int)]
        return bool(sizes and numbers and sizes[0] * abs(numbers[0]) > _LONGEST)
    return False


def percent(left: str, right: Any) -> Any:
    """`left % right` of a text."""
    items = right if isinstance(right, tuple) else (right,)
    marks = tuple(item if is_concrete(item) else f"\0{index}\0" for index, item in enumerate(items))
    try:
        text = left % marks
    except (TypeError, ValueError):
        return Unknown("a format that does not fit")
    parts: list[str | Hole] = []
    for index, piece in enumerate(text.split("\0")):
        term = as_term(items[int(piece)]) if index % 2 and piece.isdigit() else Term((piece,))
        if term is None:
            return Unknown("text with an unknown part")
        parts.extend(term.parts)
    return text_of(parts)


def join_path(left: Any, right: Any) -> Any:
    """`left / right` of paths."""
    one, two = as_term(left), as_term(right)
    if one is None or two is None:
        return Unknown("path", is_foreign(left, right))
    if two.parts and isinstance(two.parts[0], str) and two.parts[0].startswith("/"):
        return PathTerm(two.parts)
    glue = [] if one.text.endswith("/") or not one.parts else ["/"]
    joined = text_of([*one.parts, *glue, *two.parts])
    return PathTerm((joined,)) if isinstance(joined, str) else PathTerm(joined.parts)


def renamed_path(path: PathTerm, name: str, args: Sequence[Any]) -> PathTerm | None:
    """`with_suffix`, `with_name`, `with_stem` of a path whose last name is known; else None."""
    last = path.parts[-1] if path.parts else Hole("")
    if name not in ("with_suffix", "with_name", "with_stem") or len(args) != 1 or not isinstance(args[0], str):
        return None
    if not isinstance(last, str) or ("/" not in last and len(path.parts) > 1):
        return None
    folder, slash, file = last.rpartition("/")
    dot = file.rfind(".")
    stem, suffix = (file[:dot], file[dot:]) if 0 < dot < len(file) - 1 else (file, "")
    new = {"with_suffix": stem + args[0], "with_name": args[0], "with_stem": args[0] + suffix}[name]
    return PathTerm((*path.parts[:-1], f"{folder}{slash}{new}")) if file else None


def text_method(term: Term, name: str, args: Sequence[Any]) -> str | Term | None:
    """A method of text that may be applied to its pieces one by one; None if it is none."""
    one_by_one = name in ("lower", "upper", "casefold") and not args
    if name == "replace" and len(args) == 2 and all(isinstance(item, str) for item in args):
        one_by_one = len(args[0]) == 1  # a longer text may lie across two pieces
    if not one_by_one:
        return None
    shown = ",".join(args)
    return text_of(
        [
            getattr(part, name)(*args) if isinstance(part, str) else Hole(f"{part.text}.{name}({shown})", part.varying)
            for part in term.parts
        ]
    )


def path_attribute(path: PathTerm, name: str) -> Any:
    """An attribute of a path."""
    last = path.parts[-1] if path.parts else ""
    if name in ("parent", "parents") and isinstance(last, str) and "/" in last:
        head = last.rpartition("/")[0]
        return PathTerm((*path.parts[:-1], head) if head else path.parts[:-1])
    if name == "name" and isinstance(last, str) and "/" in last:
        return last.rpartition("/")[2]
    if name in ("parent", "name", "stem", "suffix", "parts", "anchor"):
        return Term((Hole(f"{path.text}.{name}", path.varying),))
    return BoundMethod(path, name)
