"""For a regular expression, texts at which one that backtracks would work longest.

Each repetition without an end is pumped: what stands before it once, what it repeats very often, and then something
that fits nothing. The parse tree is that of Python's own `re`.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from typing import Any

try:
    import re._constants as constants
    import re._parser as parser
except ImportError:  # Python 3.10
    import sre_constants as constants  # type: ignore[no-redef]
    import sre_parse as parser  # type: ignore[no-redef]

ENGINE = "airflow_provider_wfintel.engine"
_DEPTH = 4
_ONE_OF = {
    constants.CATEGORY_DIGIT: "1", constants.CATEGORY_SPACE: " ", constants.CATEGORY_WORD: "a",
    constants.CATEGORY_NOT_DIGIT: "a", constants.CATEGORY_NOT_SPACE: "a", constants.CATEGORY_NOT_WORD: " ",
}  # fmt: skip
_OTHERS = "a 1._-/'\",:\n\té"
_REPEATS = (constants.MAX_REPEAT, constants.MIN_REPEAT)


@cache
def pumps_of(room: str) -> tuple[tuple[str, str], ...]:
    """What to pump, `(before, repeated)`, for all patterns of the modules of one engine; each once, sorted."""
    found = {pump for pattern in patterns_of(f"{ENGINE}.{room}") for pump in _pumps(_tree(pattern), "")}
    return tuple(sorted(found))


@cache
def signatures() -> tuple[str, ...]:
    """The patterns of the catalogue of failures."""
    folder = resources.files(f"{ENGINE}.catalog") / "data" / "signatures"
    texts: list[str] = []
    for file in folder.iterdir():
        _texts_named_pattern(json.loads(file.read_text(encoding="utf-8")), texts)
    return tuple(texts)


def pumps_of_signatures() -> tuple[tuple[str, str], ...]:
    """The same for the catalogue of failures."""
    return tuple(sorted({pump for text in signatures() for pump in _pumps(parser.parse(text), "", most=80)}))


def patterns_of(package: str) -> Iterable[re.Pattern[str]]:
    """The compiled patterns that the modules of a package hold, also in their tables."""
    root = importlib.import_module(package)
    found: dict[tuple[str, int], re.Pattern[str]] = {}
    for module in pkgutil.walk_packages(root.__path__, f"{package}."):
        for value in vars(importlib.import_module(module.name)).values():
            for pattern in _within(value, _DEPTH):
                found[pattern.pattern, pattern.flags] = pattern
    return found.values()


def _within(value: Any, depth: int) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif depth and isinstance(value, (tuple, list, set, frozenset)):
        for item in value:
            yield from _within(item, depth - 1)
    elif depth and isinstance(value, dict):
        yield from _within([*value, *value.values()], depth)
    elif depth and hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
        yield from _within([getattr(value, name, None) for name in value.__dataclass_fields__], depth)


def _texts_named_pattern(value: Any, texts: list[str]) -> None:
    if isinstance(value, dict):
        if isinstance(value.get("pattern"), str):
            texts.append(value["pattern"])
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            _texts_named_pattern(item, texts)


def _tree(pattern: re.Pattern[str]) -> Any:
    return parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)


def _pumps(tree: Any, before: str, most: int | None = None) -> Iterator[tuple[str, str]]:
    """Every repetition of a tree that may go on without an end, or `most` times and more."""
    for place, (kind, value) in enumerate(tree):
        prefix = before + _sample(tree[:place], 0)
        if kind in _REPEATS:
            _, top, inner = value
            if top == constants.MAXREPEAT or (most is not None and top >= most):
                yield from ((prefix, text) for text in {_sample(inner, turn) for turn in range(3)} if text)
            yield from _pumps(inner, prefix, most)
        elif kind == constants.SUBPATTERN:
            yield from _pumps(value[3], prefix, most)
        elif kind == constants.BRANCH:
            for branch in value[1]:
                yield from _pumps(branch, prefix, most)
        elif kind in (constants.ASSERT, constants.ASSERT_NOT):
            yield from _pumps(value[1], prefix, most)


def _sample(tree: Any, turn: int) -> str:
    """A short text that fits; `turn` takes another branch or letter."""
    text = ""
    for kind, value in tree:
        if kind == constants.LITERAL:
            text += chr(value)
        elif kind == constants.NOT_LITERAL:
            text += next(letter for letter in _OTHERS if ord(letter) != value)
        elif kind == constants.ANY:
            text += "a"
        elif kind == constants.IN:
            letters = _letters(value)
            text += letters[turn % len(letters)]
        elif kind in _REPEATS:
            text += _sample(value[2], turn) * value[0]
        elif kind == constants.SUBPATTERN:
            text += _sample(value[3], turn)
        elif kind == constants.BRANCH:
            text += _sample(value[1][min(turn, len(value[1]) - 1)], turn)
    return text


def _letters(items: Any) -> list[str]:
    """Letters of a class; of a negated one some that it does not name."""
    named, ranges = [], []
    for kind, value in items:
        if kind == constants.LITERAL:
            named.append(chr(value))
        elif kind == constants.RANGE:
            named.append(chr(value[0]))
            ranges.append(value)
        elif kind == constants.CATEGORY:
            named.append(_ONE_OF[value])
    if items and items[0][0] != constants.NEGATE:
        return named or ["a"]
    spaces = " " in named
    free = [
        letter
        for letter in _OTHERS
        if letter not in named
        and not (spaces and letter.isspace())
        and not any(low <= ord(letter) <= high for low, high in ranges)
    ]
    return free or ["ж"]
