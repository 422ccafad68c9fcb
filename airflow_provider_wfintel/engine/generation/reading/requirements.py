"""What a DAG asks of its surroundings: Airflow variables it uses, parameters it is started with."""

from __future__ import annotations

import re
from dataclasses import dataclass

from airflow_provider_wfintel.engine.generation.reading.entities import Entity
from airflow_provider_wfintel.engine.model import Span

__all__ = ["Requirements", "read_requirements"]

_VARIABLES = re.compile(
    r"\b(?:secrets?|variables?|env(?:ironment)?[ -]?vars?)\b[^.\n]{0,80}(?:\b(?:defined|set|created|needed|required|available|present|configured)\b[^.\n]{0,40})?:?\s*\n",
    re.IGNORECASE,
)
_BULLET = re.compile(r"[ \t]*(?:[-*•]|\d+[.)])[ \t]+`?(?P<name>[A-Za-z_][A-Za-z0-9_]*)`?[^\n]*(?:\n|$)")
# "- Required:" above the names of variables.
_GROUP = re.compile(r"[ \t]*(?:[-*•]|\d+[.)])[ \t]+[A-Za-z ]+:\s*")
_BEFORE = re.compile(
    r"(?:\b(?:params?|parameters?|options?|inputs?|arguments?|fields?|box(?:es)?|flags?|targets? an?|takes? an?|accepts? an?|expects? an?|given an?|pass(?:es)? an?|optional|for)\b[\s:(]*(?:the\s+|a\s+)?)$",
    re.IGNORECASE,
)
_GIVEN = re.compile(r"[`\"']?\s*(?:=|set\s+to\b|being\b)", re.IGNORECASE)
# "as job parameter x", "with the notebook parameter x": what a job is given, not what a run is asked for.
_OF_A_JOB = re.compile(
    r"(?:\bas\s+(?:the\s+|an?\s+)?(?:\w+\s+)?|\b(?:job|notebook|query|url|script|python|spark|glue|named|base)\s+)(?:params?|parameters?|arguments?|options?)\s*[`'\"]?$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"^[`\"']?\s*(?:is (?:a|an|the|one)\b|(?:config(?:uration)? )?(?:params?|parameters?|options?|inputs?|arguments?|fields?|box|entry box|flags?)\b)",
    re.IGNORECASE,
)
_CONFIGURED = re.compile(
    r"\b(?:trigger(?:ed)?\b[^.]{0,30}\bmanual\w*|manual\w*\b[^.]{0,30}\btrigger\w*|with config|conf(?:ig)?\b|params?\b|parameters?\b|trigger this dag)",
    re.IGNORECASE,
)
_WITH_PARAMETER = re.compile(
    r"\bwith (?:an?|the|its|these) (?:dag )?(?:params?|parameters?|options?|arguments?|config)\b[\s:]*(?:`\w+`(?:\s*(?:,|and)\s*)?)+",
    re.IGNORECASE,
)
_HEADLINE = re.compile(r"^[ \t]*#{1,6}[ \t][^\n]*$", re.MULTILINE)
_LABEL = re.compile(r"^[ \t]*(?P<name>[a-z][a-z0-9_]{2,60})[ \t]*:(?=[ \t])", re.MULTILINE)
_PLAIN = re.compile(r"^[A-Za-z_][A-Za-z0-9_]{1,40}$")
_EXAMPLE = re.compile(r"\b(?P<name>[a-z][a-z_]{2,30})\s+for\s+(?:exclusions?|inclusions?|filters?)\b")


@dataclass(frozen=True, slots=True)
class Requirements:
    """Names of Airflow variables and of start parameters, with the lines that only list them."""

    name: str = ""
    variables: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    lines: tuple[Span, ...] = ()


def _own_name(text: str, consumed: tuple[Span, ...]) -> Span | None:
    """The DAG's own name where a line gives only it and the schedule ("load_orders: Mondays, 06:40")."""
    for match in _LABEL.finditer(text):
        end = text.find("\n", match.end())
        rest = list(text[match.end() : end if end >= 0 else len(text)])
        for span in consumed:
            for index in range(max(span.start, match.end()), min(span.end, match.end() + len(rest))):
                rest[index - match.end()] = " "
        if any(span.start >= match.end() for span in consumed) and not any(
            letter.isalpha() for letter in "".join(rest)
        ):
            return Span(match.start(), match.end())
    return None


def _listed_variables(text: str) -> tuple[list[str], list[Span]]:
    """The names in lists of variables and secrets, and the lines of these lists."""
    variables: list[str] = []
    lines: list[Span] = []
    for match in _VARIABLES.finditer(text):
        at = match.end()
        while (bullet := _BULLET.match(text, at)) is not None:
            if _GROUP.fullmatch(bullet.group()) is None:
                variables.append(bullet.group("name"))
            lines.append(Span(bullet.start(), bullet.end()))
            at = bullet.end()
    return variables, lines


def read_requirements(text: str, entities: tuple[Entity, ...], consumed: tuple[Span, ...] = ()) -> Requirements:
    """Find lists of variables and secrets, and words that name a start parameter of a DAG that is started by hand."""
    variables, lines = _listed_variables(text)
    parameters: list[str] = []
    if _CONFIGURED.search(text):
        for entity in entities:
            if entity.kind not in ("code", "identifier") or not _PLAIN.match(entity.value) or entity.value in variables:
                continue
            before = text[max(0, entity.span.start - 30) : entity.span.start]
            if _OF_A_JOB.search(before):
                continue
            after = text[entity.span.end : entity.span.end + 40]
            if _GIVEN.match(after):
                continue
            if _BEFORE.search(before) or _AFTER.match(after):
                parameters.append(entity.value)
        if parameters:
            parameters.extend(match.group("name") for match in _EXAMPLE.finditer(text))
    lines.extend(Span(*match.span()) for match in _WITH_PARAMETER.finditer(text))
    for match in _HEADLINE.finditer(text):
        lines.append(Span(*match.span()))
    name = _own_name(text, consumed)
    if name is not None:
        lines.append(name)
    return Requirements(
        name.of(text).strip(" :") if name else "",
        tuple(dict.fromkeys(variables)),
        tuple(dict.fromkeys(parameters)),
        tuple(lines),
    )
