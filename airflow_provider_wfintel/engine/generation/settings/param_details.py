"""What is said of a declared parameter: its type, default, choices and bounds, in brackets or after a comma."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from airflow_provider_wfintel.engine.model import LiteralValue

__all__ = ["Details", "cast_default", "read_details"]

ParamType: TypeAlias = Literal["string", "integer", "number", "boolean", "array", "object"]

_TYPES: dict[str, ParamType] = {
    "integer": "integer", "int": "integer", "whole number": "integer", "ganzzahl": "integer", "entero": "integer", "entier": "integer",
    "number": "number", "float": "number", "decimal": "number", "double": "number", "numeric": "number", "zahl": "number",
    "string": "string", "text": "string", "str": "string", "free text": "string",
    "boolean": "boolean", "bool": "boolean", "flag": "boolean", "true/false": "boolean", "yes/no": "boolean",
    "list": "array", "array": "array", "object": "object", "json": "object", "dict": "object",
    "date": "string", "datum": "string", "fecha": "string", "datetime": "string", "timestamp": "string",
}  # fmt: skip
_FORMATS = {"date": "date", "datum": "date", "fecha": "date", "datetime": "date-time", "timestamp": "date-time"}
_TYPE = re.compile(
    rf"(?:of\s+type\s+|type[:=]?\s+|as\s+)?(?:an?\s+|eine?\s+)?(?P<type>{'|'.join(sorted(map(re.escape, _TYPES), key=len, reverse=True))})\b"
    r"(?:\s+of\s+\w+(?:\s+\w+)?)?(?!\s+(?:param|pará|pará|paramètr))",
    re.IGNORECASE,
)
_REQUIRED = re.compile(
    r"(?:(?:is|are)\s+)?(?:required|mandatory|must\s+be\s+given|no\s+default|pflicht\w*|obligatori[oa]|obligatoire)\b(?!\s+[`\w]+\s+(?:param|\())",
    re.I,
)
_OPTIONAL = re.compile(
    r"(?:(?:is|are)\s+)?(?:optional\w*|nullable|may\s+be\s+empty|can\s+be\s+empty|opcional|facultatif)\b(?!\s+[`\w]+\s+(?:param|\())",
    re.I,
)
_VALUE = r"(?:`[^`\n]*`|\"[^\"\n]*\"|'[^'\n]*'|\[[^\]\n]*\]|-?\d+(?:\.\d+)?(?![\w.:/-]*[A-Za-z/:-])|[\w][\w./:@+-]*)"
_DAY = (
    r"(?P<today>(?:today(?:'s\s+date)?|the\s+(?:run|execution|logical|current|data|business)[\s_-]*(?:date|day)|run\s+date|the\s+(?:day|date)\s+of\s+the\s+run|"
    r"current[\s_]date|now|heute|hoy|aujourd'hui))|(?P<yesterday>yesterday(?:'s\s+date)?|the\s+(?:previous|prior)\s+day|the\s+day\s+before(?:\s+the\s+run)?|gestern|ayer|hier)|"
    r"(?P<ago>\d{1,4})\s+days?\s+(?:ago|back|before(?:\s+(?:the\s+run|today))?)"
)
_DEFAULT = re.compile(
    rf"(?:(?:with|and)\s+)?(?:an?\s+|the\s+|its\s+)?(?:by\s+)?(?:default(?:s|ing|ed)?|standard(?:mäßig)?|por\s+defecto|par\s+défaut)(?:\s+value)?(?:\s+(?:to|is|of)\b)?\s*[:=]?\s*"
    rf"(?:{_DAY}|(?P<none>none|null|empty|nothing)\b|(?P<value>{_VALUE}))",
    re.IGNORECASE,
)
_CHOICES = re.compile(
    r"(?:(?:is|must\s+be|can\s+be|may\s+be)\s+)?(?:one\s+of|either|choices?|allowed(?:\s+values)?|enum|values?|options?)\s*[:=]?\s*\[?\(?"
    r"(?P<all>[`\"']?[\w.-]+[`\"']?(?:\s*(?:,\s*(?:or\s+|and\s+)?|/|\||\bor\b|\band\b)\s*[`\"']?(?!default|required|optional)[\w.-]+[`\"']?)+)\)?\]?",
    re.IGNORECASE,
)
_SLASHED = re.compile(r"(?P<all>[`\"']?[\w.-]+[`\"']?(?:\s*[/|]\s*[`\"']?[\w.-]+[`\"']?)+)(?=\s*[,;)]|$)")
_BETWEEN = re.compile(
    r"(?:between\s+|from\s+)?(?P<low>-?\d+(?:\.\d+)?)\s*(?:and|to|-|–|\.\.)\s*(?P<high>-?\d+(?:\.\d+)?)(?![\w-])",
    re.IGNORECASE,
)
_MINIMUM = re.compile(r"(?:min(?:imum)?|at\s+least|>=)\s*[:=]?\s*(?P<n>-?\d+(?:\.\d+)?)", re.IGNORECASE)
_MAXIMUM = re.compile(r"(?:max(?:imum)?|at\s+most|<=)\s*[:=]?\s*(?P<n>-?\d+(?:\.\d+)?)", re.IGNORECASE)
_PATTERN = re.compile(r"(?:in\s+the\s+form\s+|format\s+|as\s+)?YYYY-MM-DD(?P<time>[T ]HH:MM(?::SS)?)?", re.IGNORECASE)
_EXAMPLE = re.compile(r"(?:e\.g\.|eg|for example|like|such as)\s+[^,;)]+", re.IGNORECASE)
_LINK = re.compile(
    r"\s*(?:,|;|:|—|–|\s-\s)?\s*(?:and\s+|which\s+|that\s+|it\s+)?(?:is\s+|are\s+|must\s+be\s+)?", re.IGNORECASE
)
_BRACKET = re.compile(r"\s*\((?P<inside>[^()\n]{1,300})\)")


@dataclass(frozen=True, slots=True)
class Details:
    """What the words say of one parameter; empty values were not said."""

    type: ParamType | None = None
    format: str = ""
    default: LiteralValue | None = None
    required: bool = False
    optional: bool = False
    choices: LiteralValue | None = None
    minimum: float | None = None
    maximum: float | None = None
    run_day_offset: int | None = None
    said: bool = False

    @property
    def implied_type(self) -> ParamType | None:
        """The type of the default, of the choices or of the bounds."""
        value = self.default.value if self.default is not None else None
        if value is None and self.choices is not None:
            value = self.choices.value[0]
        if isinstance(value, bool):
            return "boolean"
        if isinstance(value, int):
            return "integer"
        if isinstance(value, float):
            return "number"
        if isinstance(value, list):
            return "array"
        bounds = [item for item in (self.minimum, self.maximum) if item is not None]
        if value is None and bounds:
            return "integer" if all(item == int(item) for item in bounds) else "number"
        return None


def read_details(text: str, at: int) -> tuple[Details, int]:
    """Read what follows a name from `at` on; `(details, index behind them)`."""
    details, end = Details(), at
    bracket = _BRACKET.match(text, at)
    if bracket is not None:
        inside, read = _read(Details(), bracket.group("inside"), 0, bracketed=True)
        if read:
            details, end = inside, bracket.end()
    details, end = _read(details, text, end, bracketed=False)
    bracket = _BRACKET.match(text, end) if bracket is None and end > at else None
    if bracket is not None:
        details, read = _read(details, bracket.group("inside"), 0, bracketed=True)
        end = bracket.end() if read else end
    if details.type is not None and details.default is not None:
        details = replace(details, default=cast_default(details.default, details.type))
    return details, end


def _read(details: Details, text: str, at: int, *, bracketed: bool) -> tuple[Details, int]:
    """All details in a row, each behind a comma or a small word."""
    end = at
    while end < len(text):
        link = _LINK.match(text, end)
        start = link.end() if link is not None else end
        found = _one(details, text, start, linked=start > end and text[end:start].strip() != "", bracketed=bracketed)
        if found is None:
            if not bracketed:
                break
            # In brackets other words may stand beside; they say nothing that a type could hold.
            comma = re.compile(r"[,;]").search(text, start)
            if comma is None:
                break
            end = comma.end()
            continue
        details, end = found
    return details, end


def _one(details: Details, text: str, at: int, *, linked: bool, bracketed: bool) -> tuple[Details, int] | None:
    """The detail that starts at `at`."""
    if (item := _DEFAULT.match(text, at)) is not None:
        return _with_default(details, item), item.end()
    if (item := _REQUIRED.match(text, at)) is not None:
        return replace(details, required=True, said=True), item.end()
    if (item := _OPTIONAL.match(text, at)) is not None:
        return replace(details, optional=True, said=True), item.end()
    if (item := _CHOICES.match(text, at) or (_SLASHED.match(text, at) if bracketed else None)) is not None:
        if item.group("all").lower() in _TYPES:
            return replace(details, type="boolean", said=True), item.end()
        return replace(details, choices=_choices(item.group("all")), said=True), item.end()
    if (item := _PATTERN.match(text, at)) is not None:
        form = "date-time" if item.group("time") else "date"
        return replace(details, type="string", format=form, said=True), item.end()
    if (item := _BETWEEN.match(text, at)) is not None and (bracketed or item.group().lower().startswith("between")):
        low, high = float(item.group("low")), float(item.group("high"))
        return replace(details, minimum=low, maximum=high, said=True), item.end()
    for pattern, field in ((_MINIMUM, "minimum"), (_MAXIMUM, "maximum")):
        if bracketed and (item := pattern.match(text, at)) is not None:
            return replace(details, **{field: float(item.group("n"))}, said=True), item.end()  # type: ignore[arg-type]
    if bracketed and (item := _EXAMPLE.match(text, at)) is not None:
        return replace(details, said=True), item.end()
    if (linked or bracketed) and (item := _TYPE.match(text, at)) is not None:
        word = item.group("type").lower()
        return replace(details, type=_TYPES[word], format=_FORMATS.get(word, details.format), said=True), item.end()
    return None


def _with_default(details: Details, item: re.Match[str]) -> Details:
    if item.group("today"):
        return replace(details, run_day_offset=0, said=True)
    if item.group("yesterday"):
        return replace(details, run_day_offset=-1, said=True)
    if item.group("ago"):
        return replace(details, run_day_offset=-int(item.group("ago")), said=True)
    if item.group("none"):
        return replace(details, optional=True, said=True)
    return replace(details, default=LiteralValue.of(_plain(item.group("value"))), said=True)


def _plain(words: str) -> object:
    if words[0] in "`\"'":
        return words[1:-1]
    if words[0] == "[":
        return [_plain(part.strip()) for part in words[1:-1].split(",") if part.strip()]
    words = words.rstrip(".,;:")
    if re.fullmatch(r"-?\d+", words):
        return int(words)
    if re.fullmatch(r"-?\d+\.\d+", words):
        return float(words)
    if words.lower() in ("true", "false"):
        return words.lower() == "true"
    return words


_FLAGS = {"yes": True, "on": True, "y": True, "ja": True, "no": False, "off": False, "n": False, "nein": False}


def _choices(words: str) -> LiteralValue:
    parts = re.split(r"\s*(?:,|/|\||\bor\b|\band\b)\s*", words)
    return LiteralValue.of([_plain(part) for part in parts if part.strip("`\"' ")])


def cast_default(value: LiteralValue, kind: ParamType) -> LiteralValue:
    """The default in its stated type: "5" stays text for a string, "on" is true for a flag."""
    plain = value.value
    if kind == "string" and isinstance(plain, bool | int | float):
        return LiteralValue.of(str(plain).lower() if isinstance(plain, bool) else str(plain))
    if kind == "boolean" and isinstance(plain, str):
        return LiteralValue.of(_FLAGS.get(plain.lower(), False))
    if kind == "number" and isinstance(plain, int):
        return LiteralValue.of(float(plain))
    if kind == "array" and not isinstance(plain, list):
        return LiteralValue.of([plain])
    return value
