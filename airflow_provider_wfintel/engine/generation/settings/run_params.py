"""Typed parameters that a text declares for its DAG: "with a parameter customer_id (integer, required)"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from airflow_provider_wfintel.engine.generation.settings.param_details import Details, cast_default, read_details
from airflow_provider_wfintel.engine.model import ParamSpec, Span

__all__ = ["DeclaredParams", "find_params"]

_NAME = r"[`\"']?(?P<name>[A-Za-z_][A-Za-z0-9_]{0,60})[`\"']?"
_PARAM = r"(?:param(?:eter)?s?|parametern?|par[áa]metros?|paramètres?|parâmetros?)"
_KIND = (
    r"(?:an?|the|its|one|two|three|four|these|this|following|some|typed|optional|required|mandatory|integer|string|text|date|"
    r"boolean|bool|numeric|number|list|array|dag|run|runtime|trigger|input|airflow|user|new|"
    r"einen?|dem|den|die|optionalen?|un|una|une|des|los|um|uma)"
)
_TAKES = (
    r"(?:takes?|taking|accept(?:s|ing)?|expos(?:es?|ing)|defin(?:es?|ing)|declar(?:es?|ing)|expects?|offers?|adds?|provides?|supports?|"
    r"nimmt|erwartet|acepta|recibe|accepte|prend|aceita|recebe)"
)
_WITH = r"(?:with|has|have|having|gets?|needs?|mit|con|avec|com)"
# "with a parameter x", "takes two params: x and y", "parameterised by x"
_BEFORE_NAME = re.compile(
    rf"\b(?:(?P<strong>{_TAKES})|(?P<weak>{_WITH}))\s+(?:as\s+input\s+)?(?P<kind>(?:{_KIND}[\s,]+)*){_PARAM}\b\s*"
    rf"(?:called\b|named\b|namens\b|llamado\b|:|—|–|-)?\s*|"
    rf"\b(?P<by>parameteri[sz]ed|parametri[sz]ed)\s+(?:by|with|on|over)\s+(?:an?\s+|the\s+)?",
    re.IGNORECASE,
)
# "take a start_date parameter"
_AFTER_NAME = re.compile(
    rf"\b(?:(?P<strong>{_TAKES}|takes?)|(?P<weak>{_WITH}|use))\s+(?P<kind>(?:{_KIND}\s+)*)(?!{_KIND}\s){_NAME}\s+(?:dag\s+|run\s+|input\s+)?{_PARAM}\b",
    re.IGNORECASE,
)
# "Parameters: x (string), y (integer)" and the same as a list of lines
_LABEL = re.compile(
    rf"(?:(?<=[.;!?])\s+|^[ \t]*(?:[#*\-]+[ \t]*)?|\n[ \t]*(?:[#*\-]+[ \t]*)?)(?:\*\*)?(?:the\s+)?(?:dag\s+|run\s+|input\s+|runtime\s+)?{_PARAM}(?:\*\*)?\s*:(?:\*\*)?[ \t]*",
    re.IGNORECASE,
)
_MORE = re.compile(
    rf"(?:\s*[,;]\s*(?:(?:and|plus|und|y|et|e)\s+)?|\s+(?:and|plus|und|y|et|e)\s+|\s*\n[ \t]*(?:[-*•]|\d+[.)])[ \t]*)"
    rf"(?P<kind>(?:(?:another|{_KIND})\s+)*)(?:{_PARAM}\s+(?:called\s+|named\s+)?)?{_NAME}(?P<noun>\s+{_PARAM}\b)?",
    re.IGNORECASE,
)
_BULLET = re.compile(r"\n?[ \t]*(?:[-*•]|\d+[.)])[ \t]*")
_FIRST = re.compile(_NAME)
# What follows a name that is given a value here: that is handed on to a job, not asked of a person.
_GIVEN = re.compile(r"\s*(?:=|set\s+to\b|:=|equal\s+to\b)", re.IGNORECASE)
_SUBJECT = re.compile(
    r"\b(?:dag|pipeline|workflow|flow|trigger\w*|manual\w*|by\s+hand|on\s+demand|ad[- ]hoc|run|form)\b[\s,:(—–-]*(?:(?:that|which|it|is|should|must|can|be|started|triggered|run|only)\s+){0,4}$",
    re.IGNORECASE,
)
_NO_NAME = frozenset(
    [
        "of",
        "is",
        "are",
        "for",
        "to",
        "from",
        "in",
        "that",
        "which",
        "and",
        "or",
        "the",
        "a",
        "an",
        "set",
        "values",
        "value",
        "like",
        "such",
        "as",
        "passed",
        "file",
        "files",
        "by",
        "on",
        "at",
        "with",
        "it",
        "its",
        "they",
        "so",
        "if",
        "when",
        "can",
        "must",
        "should",
        "may",
        "only",
        "each",
        "every",
        "into",
        "then",
        "use",
        "using",
        "per",
        "will",
        "whose",
        "where",
        "be",
    ]
)
# "as job parameter", "a query parameter": those of something else.
_OTHERS = frozenset(
    [
        "job",
        "notebook",
        "query",
        "url",
        "path",
        "http",
        "request",
        "spark",
        "command",
        "named",
        "python",
        "function",
        "script",
        "procedure",
        "header",
        "connection",
        "model",
        "config",
        "configuration",
        "sql",
        "template",
        "input",
        "output",
        "step",
        "task",
        "api",
        "post",
        "get",
        "widget",
    ]
)
_STATED_KIND = re.compile(
    r"\b(?:(?P<optional>optional\w*)|(?P<required>required|mandatory)|(?P<type>integer|string|text|date|boolean|bool|numeric|number|list|array))\b",
    re.IGNORECASE,
)
_OF_THE_RUN = re.compile(r"\b(?:run|runtime|trigger|user|input|airflow|dag)\b", re.IGNORECASE)
_KIND_TYPES: dict[str, Literal["string", "integer", "number", "boolean", "array"]] = {
    "integer": "integer", "numeric": "number", "number": "number", "boolean": "boolean", "bool": "boolean", "list": "array", "array": "array",
}  # fmt: skip
_DATE_NAME = re.compile(r"(?:^|_)(?:date|day)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DeclaredParams:
    """Parameters with the words that declare them."""

    params: tuple[ParamSpec, ...] = ()
    spans: tuple[Span, ...] = ()


@dataclass(slots=True)
class _Item:
    param: ParamSpec
    end: int
    detailed: bool


def find_params(text: str) -> DeclaredParams:
    """The parameters that a text declares for its runs, each once, with the words to use up."""
    params: dict[str, ParamSpec] = {}
    spans: list[Span] = []
    openings = [(item, False) for item in _BEFORE_NAME.finditer(text)]
    openings += [(item, True) for item in _AFTER_NAME.finditer(text)]
    openings += [(item, False) for item in _LABEL.finditer(text)]
    for opening, named in sorted(openings, key=lambda item: item[0].start()):
        if any(span.start <= opening.start() < span.end for span in spans):
            continue
        found = _items(text, opening, named=named)
        if not found or not _is_declaration(text, opening, found):
            continue
        for item in found:
            params.setdefault(item.param.name, item.param)
        spans.append(Span(opening.start(), found[-1].end))
    return DeclaredParams(tuple(params.values()), tuple(spans))


def _is_declaration(text: str, opening: re.Match[str], found: list[_Item]) -> bool:
    """Whether the words ask something of whoever starts a run, and do not name what a job is given."""
    groups = opening.groupdict()
    if groups.get("strong") or groups.get("by") or opening.re is _LABEL:
        return True
    kind = groups.get("kind") or ""
    told = _STATED_KIND.search(kind) or re.search(r"\b(?:dag|run|runtime|trigger|user|airflow)\b", kind, re.IGNORECASE)
    return (
        any(item.detailed for item in found)
        or told is not None
        or _SUBJECT.search(text, max(0, opening.start() - 80), opening.start()) is not None
    )


def _items(text: str, opening: re.Match[str], *, named: bool) -> list[_Item]:
    """The declared items from the first one on, as far as the list goes."""
    kind = opening.groupdict().get("kind") or ""
    if named:
        name, at, quoted = opening.group("name"), opening.end(), True
    else:
        start = opening.end()
        bullet = _BULLET.match(text, start)
        first = _FIRST.match(text, bullet.end() if bullet is not None else start)
        if first is None:
            return []
        name, at, quoted = first.group("name"), first.end(), first.group()[0] in "`\"'"
    item = _item(text, name, kind, at)
    if item is None or (name.lower() in (_NO_NAME | _OTHERS if named else _NO_NAME) and (named or not quoted)):
        return []
    found = [item]
    several = bool(opening.groupdict().get("by")) or re.search(r"s\b[\s:]*$", opening.group()) is not None
    while (more := _MORE.match(text, found[-1].end)) is not None:
        name = more.group("name")
        following = _item(text, name, more.group("kind"), more.end())
        plain = "_" not in name and not re.search(r"[`\"']", more.group())
        # Without a mark of a parameter the sentence goes on with something else.
        if following is None or name.lower() in _NO_NAME:
            break
        marked = following.detailed or more.group("noun") is not None
        if _OF_THE_RUN.search(more.group("kind")) and more.group("noun") is None and not following.detailed:
            break
        if plain and not (marked or several or _ends_list(text, following.end)):
            break
        if any(item.param.name == name for item in found):
            break
        found.append(following)
        if plain and not marked and re.match(r"\s*,?\s*(?:and|und|y|et|e)\s", more.group()):
            break  # "x and y" is the end of a plain list
    return found


def _ends_list(text: str, at: int) -> bool:
    """Whether a sentence or list ends right behind a bare word, so that it is the last item."""
    return re.match(r"\s*(?:[.:;\n)]|$)", text[at : at + 8]) is not None


def _item(text: str, name: str, kind: str, at: int) -> _Item | None:
    if _GIVEN.match(text, at):
        return None
    details, end = read_details(text, at)
    for told in _STATED_KIND.finditer(kind):
        details = _with_kind(details, told)
    return _Item(_param(name, details), end, details.said)


def _with_kind(details: Details, told: re.Match[str]) -> Details:
    if told.group("optional"):
        return replace(details, optional=True)
    if told.group("required"):
        return replace(details, required=True)
    word = told.group("type").lower()
    if word == "date" and not details.type:
        return replace(details, type="string", format="date")
    return replace(details, type=details.type or _KIND_TYPES.get(word, "string"))


def _param(name: str, details: Details) -> ParamSpec:
    form = details.format
    if not form and not details.type and (details.run_day_offset is not None or _DATE_NAME.search(name)):
        form = "date" if details.default is None or re.fullmatch(r"\d{4}-\d\d-\d\d", str(details.default.value)) else ""
    if details.default is not None and details.type is not None:
        details = replace(details, default=cast_default(details.default, details.type))
    open_value = details.default is None and details.run_day_offset is None
    return ParamSpec(
        name,
        details.type or details.implied_type or "string",
        details.default,
        optional=details.optional and not details.required and open_value,
        choices=details.choices,
        format=form,
        minimum=details.minimum,
        maximum=details.maximum,
        run_day_offset=details.run_day_offset,
    )
