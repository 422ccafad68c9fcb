"""Changes of a Python file by statement and call, made with LibCST so that all else stays as the author wrote it."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from airflow_provider_wfintel.engine.optimization.rewrites.headings import headings

__all__ = ["Edits", "apply_edits", "char_column", "segment"]


@dataclass(slots=True)
class Edits:
    """Changes to make at once. Statements are named by their first line (of a function: the line of its `def`).

    Attributes:
        replaced: statement -> source of what comes instead; an empty list removes it.
        before: statement -> source that comes before it.
        after: statement -> source that comes after it.
        appended: first line of a compound statement (0: the module) -> source at the end of its block.
        keywords: (line, column in characters) of a call -> argument name -> source, or None to remove it.
        decorators: line of a `def` -> argument name -> source for the call of its first decorator.
        stripped: lines of `def`s that lose all their decorators.
    """

    replaced: dict[int, list[str]] = field(default_factory=dict)
    before: dict[int, list[str]] = field(default_factory=dict)
    after: dict[int, list[str]] = field(default_factory=dict)
    appended: dict[int, list[str]] = field(default_factory=dict)
    keywords: dict[tuple[int, int], dict[str, str | None]] = field(default_factory=dict)
    decorators: dict[int, dict[str, str]] = field(default_factory=dict)
    stripped: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        return any(
            (self.replaced, self.before, self.after, self.appended, self.keywords, self.decorators, self.stripped)
        )

    def add_before(self, line: int, source: str) -> None:
        """Put source before a statement, once."""
        place = self.before.setdefault(line, [])
        if source not in place:
            place.append(source)

    def add_after(self, line: int, source: str) -> None:
        """Put source after a statement, once."""
        place = self.after.setdefault(line, [])
        if source not in place:
            place.append(source)

    def append(self, block: ast.stmt | None, source: str) -> None:
        """Put source at the end of a block."""
        self.appended.setdefault(0 if block is None else block.lineno, []).append(source)


def segment(source: str, node: ast.AST) -> str:
    """The text of an expression or statement, its indentation taken away."""
    found = ast.get_source_segment(source, node) or ""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.decorator_list:
        first = node.decorator_list[0].lineno
        lines = source.splitlines()[first - 1 : node.lineno - 1]
        found = "\n".join([lines[0].strip(), *lines[1:], " " * node.col_offset + found])
    if "\n" not in found:
        return found
    start = source.splitlines()[getattr(node, "lineno", 1) - 1]
    margin = start[: len(start) - len(start.lstrip())]
    head, *rest = found.split("\n")
    return "\n".join([head, *(line.removeprefix(margin) for line in rest)])


def char_column(source: str, node: ast.expr | ast.stmt) -> tuple[int, int]:
    """Line and column in characters (the parser of Python counts bytes)."""
    line = source.splitlines()[node.lineno - 1]
    return node.lineno, len(line.encode()[: node.col_offset].decode(errors="ignore"))


def apply_edits(source: str, edits: Edits) -> str:
    """The file with the changes made.

    Raises:
        libcst.ParserSyntaxError: the source, or a piece that was to be put in, is no valid Python.
    """
    kept = headings(source, {line for line, pieces in edits.replaced.items() if not pieces})
    changed: str = _wrapped(source).visit(_editor(edits, kept)).code
    return changed


@lru_cache(maxsize=4)
def _wrapped(source: str) -> Any:
    """The parsed file with the positions of its nodes: the rewrites of one round all start from the same text."""
    import libcst as cst
    from libcst.metadata import MetadataWrapper

    return MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=True)


def _editor(edits: Edits, kept: Mapping[int, list[str]]) -> Any:  # noqa: C901 - one method for each kind of node
    """The LibCST transformer for the changes; made in a function because LibCST is loaded only when needed."""
    import libcst as cst
    from libcst.metadata import PositionProvider

    base: Any = cst.CSTTransformer

    class Editor(base):  # type: ignore[misc]
        METADATA_DEPENDENCIES = (PositionProvider,)

        def _line(self, node: Any) -> int:
            if isinstance(node, cst.FunctionDef | cst.ClassDef):
                node = node.name
            return int(self.get_metadata(PositionProvider, node).start.line)

        def _place(self, original: Any, updated: Any) -> Any:
            line = self._line(original)
            if line in kept:
                heads = [cst.EmptyLine(), *(cst.EmptyLine(comment=cst.Comment(text)) for text in kept[line])]
                updated = updated.with_changes(leading_lines=[*heads, *updated.leading_lines])
            middle: list[Any] = [updated]
            if line in edits.replaced:
                middle = _statements(edits.replaced[line])
                middle = [_spaced(item, 1, always=_follows_function(middle, at)) for at, item in enumerate(middle)]
                if middle:
                    had = _spaced(middle[0], 1).leading_lines if not updated.leading_lines else updated.leading_lines
                    middle[0] = middle[0].with_changes(leading_lines=had)
            before = _statements(edits.before.get(line, ()))
            blank = 2 if self.get_metadata(PositionProvider, original).start.column == 0 else 1
            if before and middle and not isinstance(before[0], cst.FunctionDef):
                before[0] = before[0].with_changes(leading_lines=updated.leading_lines)
                middle[0] = middle[0].with_changes(leading_lines=())
            before = [
                _spaced(item, blank, always=_follows_function(before, number)) for number, item in enumerate(before)
            ]
            if any(isinstance(item, cst.FunctionDef) for item in before) and middle:
                middle[0] = _spaced(middle[0], blank, always=True)
            found = [*before, *middle, *_statements(edits.after.get(line, ()))]
            if len(found) == 1:
                return found[0]
            return cst.FlattenSentinel(found) if found else cst.RemoveFromParent()

        def leave_SimpleStatementLine(self, original_node: Any, updated_node: Any) -> Any:
            return self._place(original_node, updated_node)

        def _compound(self, original: Any, updated: Any) -> Any:
            line = self._line(original)
            more = _statements(edits.appended.get(line, ()))
            body = updated.body
            if more and isinstance(body, cst.IndentedBlock):
                updated = updated.with_changes(body=body.with_changes(body=_with_end(body.body, more)))
            emptied = not updated.body.body and bool(original.body.body)
            if emptied and getattr(updated, "orelse", None) is None and isinstance(updated, cst.If | cst.For):
                if line not in edits.before and line not in edits.after:
                    return cst.RemoveFromParent()
                edits.replaced.setdefault(line, [])
            return self._place(original, updated)

        leave_If = leave_For = leave_While = leave_With = leave_Try = leave_ClassDef = _compound

        def leave_FunctionDef(self, original_node: Any, updated_node: Any) -> Any:
            line = self._line(original_node)
            if line in edits.stripped:
                updated_node = updated_node.with_changes(decorators=())
            elif line in edits.decorators and updated_node.decorators:
                first, *rest = updated_node.decorators
                updated_node = updated_node.with_changes(
                    decorators=(_with_options(first, edits.decorators[line]), *rest)
                )
            return self._compound(original_node, updated_node)

        def leave_Call(self, original_node: Any, updated_node: Any) -> Any:
            start = self.get_metadata(PositionProvider, original_node).start
            wanted = edits.keywords.get((start.line, start.column))
            return _with_keywords(updated_node, wanted) if wanted else updated_node

        def leave_Module(self, original_node: Any, updated_node: Any) -> Any:  # noqa: ARG002 - LibCST asks for both
            more = _statements(edits.appended.get(0, ()))
            return updated_node.with_changes(body=[*updated_node.body, *more]) if more else updated_node

    return Editor()


def _statements(pieces: Sequence[str]) -> list[Any]:
    import libcst as cst

    return [statement for piece in pieces for statement in cst.parse_module(textwrap.dedent(piece).strip("\n")).body]


def _follows_function(statements: Sequence[Any], number: int) -> bool:
    import libcst as cst

    return number > 0 and isinstance(statements[number - 1], cst.FunctionDef)


def _spaced(statement: Any, blank: int, *, always: bool = False) -> Any:
    """A function with blank lines before it; with `always`, any statement."""
    import libcst as cst

    if not (always or isinstance(statement, cst.FunctionDef)):
        return statement
    comments = [item for item in statement.leading_lines if item.comment is not None]
    return statement.with_changes(leading_lines=[*([cst.EmptyLine(indent=False)] * blank), *comments])


def _with_end(body: Sequence[Any], more: list[Any]) -> list[Any]:
    """Statements with more at their end, but before a closing `return`."""
    import libcst as cst

    last = body[-1] if body else None
    returns = isinstance(last, cst.SimpleStatementLine) and isinstance(last.body[0], cst.Return)
    return [*body[:-1], *more, last] if returns else [*body, *more]


def _with_keywords(call: Any, wanted: dict[str, str | None]) -> Any:
    """A call with keyword arguments set or removed; new ones are written like those that are there."""
    import libcst as cst

    args = list(call.args)
    for name, code in wanted.items():
        at = next((n for n, arg in enumerate(args) if arg.keyword is not None and arg.keyword.value == name), None)
        if code is None:
            if at is not None:
                del args[at]
        elif at is not None:
            args[at] = args[at].with_changes(value=cst.parse_expression(code))
        else:
            equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
            new = cst.Arg(cst.parse_expression(code), keyword=cst.Name(name), equal=equal)
            _append_argument(args, new)
    if args and isinstance(args[-1].comma, cst.Comma) and not _breaks(args[-1].comma):
        args[-1] = args[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    return call.with_changes(args=args)


def _append_argument(args: list[Any], new: Any) -> None:
    import libcst as cst

    if not args:
        args.append(new)
        return
    star = next((n for n, arg in enumerate(args) if arg.star == "**"), len(args))
    breaks = [arg.comma for arg in args[:-1] if isinstance(arg.comma, cst.Comma) and _breaks(arg.comma)]
    glue = (
        breaks[-1]
        if breaks and len(breaks) >= (len(args) - 1) / 2
        else cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    )
    if star < len(args):
        args.insert(star, new.with_changes(comma=glue))
        return
    last = args[-1]
    args[-1] = last.with_changes(comma=glue)
    args.append(new.with_changes(comma=last.comma))


def _breaks(comma: Any) -> bool:
    import libcst as cst

    return isinstance(comma.whitespace_after, cst.ParenthesizedWhitespace)


def _with_options(decorator: Any, options: dict[str, str]) -> Any:
    import libcst as cst

    call = decorator.decorator
    if not isinstance(call, cst.Call):
        call = cst.Call(func=call)
    wanted: dict[str, str | None] = dict(options)
    return decorator.with_changes(decorator=_with_keywords(call, wanted))
