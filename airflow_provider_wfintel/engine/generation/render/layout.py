"""Printing of Python expressions in the layout that `ruff format` leaves as it is.

A line that fits stays one line; one that does not gets one item per line with a trailing comma, which formatters
keep. The width of a letter outside ASCII is counted as two columns: too much for some, but a group that is opened
without need is stable, whereas a line that is too long is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from airflow_provider_wfintel.exceptions import SpecError

__all__ = ["LINE_LENGTH", "Atom", "Chain", "Group", "Keyed", "Node", "literal_node", "quote", "statement", "width"]

LINE_LENGTH = 110
INDENT = 4


@dataclass(frozen=True, slots=True)
class Atom:
    """Text that is never broken: a name, a number, a string."""

    text: str

    def flat(self) -> str:
        """The text on one line."""
        return self.text


@dataclass(frozen=True, slots=True)
class Keyed:
    """`name=value` of a call or `"key": value` of a dict; `prefix` holds everything before the value."""

    prefix: str
    value: Node

    def flat(self) -> str:
        """The text on one line."""
        return self.prefix + self.value.flat()


@dataclass(frozen=True, slots=True)
class Group:
    """A bracketed list: call, list or dict. `opening` includes the name that is called and the bracket."""

    opening: str
    items: tuple[Node, ...]
    closing: str

    def flat(self) -> str:
        """The text on one line."""
        return self.opening + ", ".join(item.flat() for item in self.items) + self.closing


@dataclass(frozen=True, slots=True)
class Chain:
    """Groups that follow each other without a blank: `Op.partial(...)` and `.expand(...)`."""

    parts: tuple[Group, ...]

    def flat(self) -> str:
        """The text on one line."""
        return "".join(part.flat() for part in self.parts)


Node: TypeAlias = Atom | Keyed | Group | Chain


def width(text: str) -> int:
    """Columns that `text` takes at most."""
    return len(text) if text.isascii() else sum(1 if letter.isascii() else 2 for letter in text)


def statement(prefix: str, node: Node, suffix: str = "", indent: int = 0) -> str:
    """One statement: `prefix`, the expression, `suffix`, indented by `indent` columns; no newline at the end."""
    return " " * indent + prefix + _print(node, indent, width(prefix), width(suffix)) + suffix


def _print(node: Node, indent: int, before: int, after: int) -> str:
    """Print `node` where `before` columns of the line are taken already and `after` columns follow it."""
    flat = node.flat()
    if indent + before + width(flat) + after <= LINE_LENGTH:
        return flat
    if isinstance(node, Keyed):
        return node.prefix + _print(node.value, indent, before + width(node.prefix), after)
    if isinstance(node, Group):
        return _opened(node, indent)
    if isinstance(node, Chain):
        return _print_chain(node, indent, before)
    return flat


def _opened(group: Group, indent: int) -> str:
    if not group.items:
        return group.flat()
    inner = indent + INDENT
    lines = [f"{' ' * inner}{_print(item, inner, 0, 1)}," for item in group.items]
    return "\n".join([group.opening, *lines, " " * indent + group.closing])


def _print_chain(chain: Chain, indent: int, before: int) -> str:
    *heads, last = chain.parts
    head = "".join(part.flat() for part in heads)
    if indent + before + width(head) + width(last.opening) <= LINE_LENGTH and last.items:
        return head + _opened(last, indent)
    return "".join(_opened(part, indent) for part in chain.parts)


def quote(text: str) -> str:
    r"""The string literal for `text`, with the quotes that `ruff format` chooses.

    Double quotes, unless single ones need fewer escapes. Letters that do not print (controls, bidi marks, lone
    surrogates) are written as escapes, so what a reader sees is what the string holds.
    """
    mark = "'" if text.count('"') > text.count("'") else '"'
    body = "".join(letter if letter in "\"'" else repr(letter)[1:-1] for letter in text)
    return mark + body.replace(mark, "\\" + mark) + mark


def literal_node(value: object) -> Node:
    """JSON data as the Python literal for it.

    Raises:
        SpecError: a number is too large or not finite, or the value is not JSON data.
    """
    if isinstance(value, str):
        return Atom(quote(value))
    if value is None or isinstance(value, bool):
        return Atom(repr(value))
    if isinstance(value, int | float):
        return Atom(_number(value))
    if isinstance(value, list | tuple):
        return Group("[", tuple(literal_node(item) for item in value), "]")
    if isinstance(value, dict):
        items = tuple(Keyed(f"{quote(str(key))}: ", literal_node(item)) for key, item in value.items())
        return Group("{", items, "}")
    raise SpecError(f"a {type(value).__name__!r} cannot be written as a literal", hint="use JSON data")


def _number(value: float) -> str:
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        raise SpecError(f"the number {value!r} cannot be written as a literal", hint="give a finite number")
    if isinstance(value, int) and value.bit_length() > 1024:
        raise SpecError("a number with more than 300 digits cannot be written as a literal")
    return repr(value)
