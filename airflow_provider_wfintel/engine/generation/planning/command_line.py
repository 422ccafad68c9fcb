"""Arguments that the words give a program: flags, `name=value` pairs, or a JSON object."""

from __future__ import annotations

import json
import re

__all__ = ["stated_arguments"]

_TEMPLATE = r"\{\{[^{}\n]{1,60}\}\}"
_VALUE = rf"(?:'[^'\n]*'|\"[^\"\n]*\"|(?:{_TEMPLATE}|[^\s,;'\"{{}}])+)"
_FLAGS = re.compile(
    rf"(?<!\S)--[a-z][\w-]*(?:(?:\s+|=)(?!--|and\b|with\b|to\b|in\b|on\b|every\b|daily\b){_VALUE})?"
    rf"(?:(?:\s*,\s*|\s+and\s+|\s+)--[a-z][\w-]*(?:(?:\s+|=)(?!--|and\b|with\b|to\b|in\b|on\b|every\b|daily\b){_VALUE})?)*",
    re.IGNORECASE,
)
_FLAG = re.compile(
    rf"(?P<flag>--[a-z][\w-]*)(?:(?:\s+|=)(?!--|and\b|with\b|to\b|in\b|on\b|every\b|daily\b)(?P<value>{_VALUE}))?",
    re.IGNORECASE,
)
_CUE = r"\b(?:arguments?|args|param(?:eter)?s?|notebook[_ ]params?|passing|options?)\b\s*[:=]?\s*"
_PAIRS = re.compile(
    rf"{_CUE}(?P<pairs>[A-Za-z_]\w*={_VALUE}(?:(?:\s*,\s*|\s+and\s+|\s+)[A-Za-z_]\w*={_VALUE})*)", re.IGNORECASE
)
_PAIR = re.compile(rf"(?P<name>[A-Za-z_]\w*)=(?P<value>{_VALUE})")
_OBJECT = re.compile(rf"{_CUE}(?P<object>\{{[^{{}}]*\}})", re.IGNORECASE)
# Services whose argument takes an object; the others take a list, as a shell does.
_TAKES_OBJECT = frozenset({"aws_glue", "databricks"})


def stated_arguments(words: str, services: tuple[str, ...]) -> list[str] | dict[str, object] | None:
    """The arguments in the words, as the service of the step takes them; None if they give none.

    A list reads like a command line, an object has the names as keys (flags with their dashes).
    """
    as_object = bool(_TAKES_OBJECT & set(services))
    given = _OBJECT.search(words)
    if given is not None:
        try:
            stated = json.loads(given.group("object"))
        except ValueError:
            return None
        return stated if as_object else [f"{name}={value}" for name, value in stated.items()]
    pairs = _PAIRS.search(words)
    if pairs is not None:
        found = [(item.group("name"), _plain(item.group("value"))) for item in _PAIR.finditer(pairs.group("pairs"))]
        return dict(found) if as_object else [f"{name}={value}" for name, value in found]
    flags = _FLAGS.search(words)
    if flags is None:
        return None
    items = [(item.group("flag"), _plain(item.group("value") or "")) for item in _FLAG.finditer(flags.group())]
    if as_object:
        return dict(items)
    return [part for flag, value in items for part in ((flag, value) if value else (flag,))]


def _plain(value: str) -> str:
    return value.strip("'\"").rstrip(".")
