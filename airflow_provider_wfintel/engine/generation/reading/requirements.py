"""What a DAG asks of its surroundings: Airflow variables it uses, parameters it is started with."""

from __future__ import annotations

import re
from dataclasses import dataclass

from airflow_provider_wfintel.engine.generation.reading.entities import Entity
from airflow_provider_wfintel.engine.model import Span

__all__ = ["Requirements", "read_requirements"]

_VARIABLES = re.compile(r"\b(?:secrets?|variables?|env(?:ironment)?[ -]?vars?)\b[^.\n]{0,80}(?:\b(?:defined|set|created|needed|required|available|present|configured)\b[^.\n]{0,40})?:?\s*\n", re.IGNORECASE)
_BULLET = re.compile(r"[ \t]*(?:[-*•]|\d+[.)])[ \t]+`?(?P<name>[A-Za-z_][A-Za-z0-9_]*)`?[^\n]*(?:\n|$)")
_BEFORE = re.compile(
    r"(?:\b(?:params?|parameters?|options?|inputs?|arguments?|fields?|box(?:es)?|flags?|targets? an?|takes? an?|accepts? an?|expects? an?|given an?|pass(?:es)? an?|optional|for)\b[\s:(]*(?:the\s+|a\s+)?)$",
    re.IGNORECASE,
)
_AFTER = re.compile(r"^[`\"']?\s*(?:is (?:a|an|the|one)\b|(?:config(?:uration)? )?(?:params?|parameters?|options?|inputs?|arguments?|fields?|box|entry box|flags?)\b)", re.IGNORECASE)
_CONFIGURED = re.compile(r"\b(?:trigger(?:ed)?\b[^.]{0,30}\bmanual\w*|manual\w*\b[^.]{0,30}\btrigger\w*|with config|conf(?:ig)?\b|params?\b|parameters?\b|trigger this dag)", re.IGNORECASE)
_PLAIN = re.compile(r"^[A-Za-z_][A-Za-z0-9_]{1,40}$")
_EXAMPLE = re.compile(r"\b(?P<name>[a-z][a-z_]{2,30})\s+for\s+(?:exclusions?|inclusions?|filters?)\b")


@dataclass(frozen=True, slots=True)
class Requirements:
    """Names of Airflow variables and of start parameters, with the lines that only list them."""

    variables: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    lines: tuple[Span, ...] = ()


def read_requirements(text: str, entities: tuple[Entity, ...]) -> Requirements:
    """Find lists of variables and secrets, and words that name a start parameter of a DAG that is started by hand."""
    variables: list[str] = []
    lines: list[Span] = []
    for match in _VARIABLES.finditer(text):
        at = match.end()
        while (bullet := _BULLET.match(text, at)) is not None:
            variables.append(bullet.group("name"))
            lines.append(Span(bullet.start(), bullet.end()))
            at = bullet.end()
    parameters: list[str] = []
    if _CONFIGURED.search(text):
        for entity in entities:
            if entity.kind not in ("code", "identifier") or not _PLAIN.match(entity.value) or entity.value in variables:
                continue
            before = text[max(0, entity.span.start - 30) : entity.span.start]
            after = text[entity.span.end : entity.span.end + 40]
            if _BEFORE.search(before) or _AFTER.match(after):
                parameters.append(entity.value)
        if parameters:
            parameters.extend(match.group("name") for match in _EXAMPLE.finditer(text))
    return Requirements(tuple(dict.fromkeys(variables)), tuple(dict.fromkeys(parameters)), tuple(lines))
