"""The name, owner and tags that a text gives to a DAG. Only plain identifiers are taken over."""

from __future__ import annotations

import re
from dataclasses import dataclass

from airflow_provider_wfintel.engine.model import Span

__all__ = ["Named", "find_name", "find_owner", "find_tags"]

_DAG = r"(?:dag|pipeline|workflow|job|flow|flujo|fluxo)"
_CALLED = (
    r"(?:called|named|with\s+(?:the\s+)?(?:id|name|dag_id)|id|namens|genannt|nommé|appelé|llamado|llamada"
    r"|chamado|chamada)"
)
_BEFORE_NAME = re.compile(
    rf"\b{_DAG}\b\s+{_CALLED}\s*[:=]?\s*|\bdag[_ ](?:id|name)\b\s*(?:is|should\s+be|must\s+be)?\s*[:=]?\s*"
    rf"|\b(?:call|name)\s+(?:it|the\s+{_DAG}|this\s+{_DAG})\s+|(?:dag\s*)?名(?:为|叫)\s*",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"`([^`\n]*)`|\"([^\"\n]*)\"|'([^'\n]*)'|“([^”\n]*)”")
_BARE = re.compile(r"[^\s,;()]+")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]{0,199}")
_NO_NAME = {
    *(
        "by",
        "from",
        "in",
        "is",
        "after",
        "the",
        "a",
        "that",
        "to",
        "when",
        "with",
        "of",
        "and",
        "at",
        "every",
        "for",
        "as",
        "on",
    )
}
_OWNER = re.compile(
    r"\b(?:dag[ \t]+)?(?:owner(?:[ \t]+is|[ \t]+should[ \t]+be)?|owned[ \t]+by|besitzer|eigentümer"
    r"|propriétaire|propietario|proprietário|dono|responsável)\b"
    r"[ \t]*(?:(?P<mark>[:=])[ \t]*|[ \t])|负责人[ \t]*(?:是|为|[::])?[ \t]*",
    re.IGNORECASE,
)
_OWNER_VALUE = re.compile(r"[`\"']?([A-Za-z0-9][\w.@\-]{0,62})")
_NO_OWNER = {
    *(
        "of",
        "to",
        "and",
        "or",
        "is",
        "the",
        "a",
        "an",
        "field",
        "column",
        "table",
        "should",
        "must",
        "id",
        "name",
        "by",
    ),
    *("who", "in", "when", "for"),
}
_TAGS = re.compile(
    r"\btag[ \t]+with[ \t]+"
    r"|\btag[ \t]+(?:it|the[ \t]+dag|this[ \t]+dag|the[ \t]+pipeline)[ \t]+(?:with[ \t]+|as[ \t]+)?"
    r"|\b(?:dag[ \t]*)?tags?[ \t]*[:=][ \t]*|(?:^|(?<=[.;,\n]))[ \t]*(?:with[ \t]+)?(?:the[ \t]+)?tags[ \t]+"
    r"|\b(?:dag|pipeline|workflow)\b[^.\n]{0,40}?\bwith[ \t]+(?:the[ \t]+)?tags?[ \t]+"
    r"|(?<=[.;,\n])[ \t]*tag[ \t]+(?=[`\"']?[\w-]+[`\"']?[ \t]*(?:[.;,\n]|$))"
    r"|(?:^|(?<=[.;,\n])|\b(?:dag|pipeline|workflow|is))[ \t]*tagged[ \t]+(?:as[ \t]+|with[ \t]+)?"
    r"|\b(?:etiquetas|étiquettes|schlagwörter)[ \t]*[:=]?[ \t]*|标签[ \t]*[::为]?[ \t]*",
    re.IGNORECASE,
)
_OTHER_TAGS = re.compile(
    r"\b(image|docker|git|release|version|container|html|files?|rows?|objects?|posts?|users?|records?|images?|models?)\s+$|(?<!\S)--?(?:select|models?|exclude|s|m)[ =]$",
    re.IGNORECASE,
)
_TAG = re.compile(r"\s*[`\"']?([A-Za-z0-9一-鿿][\w\-.:]{0,60}?)[`\"']?(?=[\s,;.:\])、,。]|$)")
_BETWEEN_TAGS = re.compile(r"\s*(?:[,、,]\s*(?:and\s+)?|\s(?:and|und|et|y|e|&)\s+|和)")
_NO_TAG = {
    *("and", "the", "then", "in", "on", "of", "to", "with", "it", "for", "are", "is", "from", "as", "every", "a")
}


@dataclass(frozen=True, slots=True)
class Named:
    """A value with its words; `refused` says that something was named that cannot be taken over."""

    value: str
    span: Span
    refused: bool = False


def find_name(text: str) -> Named | None:
    """The id of the DAG, if the text gives one."""
    for match in _BEFORE_NAME.finditer(text):
        quoted = _QUOTED.match(text, match.end())
        if quoted is not None:
            value = next(group for group in quoted.groups() if group is not None)
            span = Span(match.start(), quoted.end())
        else:
            bare = _BARE.match(text, match.end())
            if bare is None:
                continue
            value = bare.group().rstrip(".:!?")
            span = Span(match.start(), bare.start() + len(value))
            if value.lower() in _NO_NAME:
                continue
        if _IDENTIFIER.fullmatch(value) and ".." not in value:
            if quoted is None and not _looks_like_id(value, match.group()):
                continue
            return Named(value, span)
        return Named("", span, refused=True)
    return None


def _looks_like_id(value: str, words: str) -> bool:
    """A bare word behind "called" is a name if it is written like one, or if the words can only be about a name."""
    return (
        "_" in value
        or "-" in value
        or any(char.isdigit() for char in value)
        or not re.search(r"\bid\s*$", words, re.IGNORECASE)
    )


def find_owner(text: str) -> Named | None:
    """Who owns the DAG."""
    for match in _OWNER.finditer(text):
        value = _OWNER_VALUE.match(text, match.end())
        if (
            value is None
            or value.group(1).lower() in _NO_OWNER
            or text[match.start() - 1 : match.start()] in ("_", "/", ".")
        ):
            continue
        name = value.group(1).rstrip(".-")
        if match.end() > 0 and text[match.end() - 1 : match.end()] == "/":
            continue
        return Named(name, Span(match.start(), value.start(1) + len(name)))
    return None


def find_tags(text: str) -> tuple[tuple[str, ...], Span | None]:
    """The tags of the DAG, in the order of the text."""
    for match in _TAGS.finditer(text):
        if _OTHER_TAGS.search(text[max(0, match.start() - 30) : match.start()]):
            continue
        tags, end = _tag_list(text, match.end(), listed=":" in match.group() or "=" in match.group())
        if tags:
            return tuple(dict.fromkeys(tags)), Span(match.start(), end)
    return (), None


def _tag_list(text: str, position: int, *, listed: bool) -> tuple[list[str], int]:
    opened = re.compile(r"\s*\[").match(text, position)
    position = opened.end() if opened is not None else position
    tags: list[str] = []
    end = position
    while True:
        match = _TAG.match(text, position)
        if match is None or match.group(1).lower() in _NO_TAG:
            return tags, end
        following = text[match.end() : match.end() + 80].lstrip(" `\"'")
        # A second word without a comma before it is the next clause, not a tag.
        separator = _BETWEEN_TAGS.match(text, match.end())
        alone = not following or following[0] in ",;.]\n)、,。" or separator is not None
        if not alone and (tags or not listed):
            return tags, end
        tags.append(match.group(1).rstrip(".:"))
        end = match.end()
        if separator is None:
            return tags, end
        position = separator.end()
