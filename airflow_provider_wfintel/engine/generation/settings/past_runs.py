"""Whether a run depends on the one before it: "only if yesterday's run succeeded", "depends on the previous run"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from airflow_provider_wfintel.engine.model import Span

__all__ = ["PastRuns", "find_past_runs"]

_BEFORE = (
    r"(?:(?:the|its|their|a|own)\s+){0,2}(?:previous|prior|preceding|last|earlier|yesterday['’]?s?|the\s+day\s+before(?:['’]s)?)"
    r"(?:\s+(?:day|night|hour|week|month|interval|period)(?:['’]s)?)?"
)
_RUN = r"(?:\s+(?:dag\s+)?(?:runs?|executions?|instances?|loads?\s+runs?)|(?<=previous)\s+one\b)"
_GOOD = (
    r"(?:(?:has|have|had|was|were|is|also|all|being)\s+)*(?:succe\w+|success\w*|finish\w*|complet\w*|passed|green|done|ended\s+well|went\s+(?:well|through)|ok(?:ay)?)"
    r"(?:\s+(?:successfully|without\s+errors?|cleanly|completely))?"
)
_SUBJECT = (
    r"(?:(?:and|but|also)\s+)?(?:(?:each|every)\s+(?:day|night|hour|week|month)['’]s\s+)?(?:(?:each|every|the|a|an|any|this|today['’]s|all|it|they)\s+)?(?:(?:daily|nightly|hourly|new|next|whole)\s+)?"
    r"(?:(?:dag\s+)?(?:runs?|days?|dags?|pipelines?|jobs?|tasks?|executions?|workflows?)\s+)?"
)
_MODAL = r"(?:(?:must|should|may|can|shall|will|has\s+to|have\s+to|needs?\s+to|is\s+to|is|are)\s+)?(?:not\s+|never\s+)?(?:only\s+)?"
_ENGLISH = re.compile(
    rf"(?P<subject>{_SUBJECT}){_MODAL}(?:depend(?:s|ing|ent)?\s+(?:up)?on|rel(?:y|ies|ying)\s+on|wait(?:s|ing)?\s+for|require[sd]?)\s+{_BEFORE}(?P<day>\s+day)?{_RUN}"
    rf"(?:\s+(?:to\s+(?:have\s+)?)?{_GOOD}|['’]s\s+success)?|"
    rf"(?P<subject2>{_SUBJECT}){_MODAL}(?:(?:run|start|begin|execute|proceed|go\s+ahead|continue)s?\s+)?(?:only\s+)?(?:if|when|once|after|unless|until|before|as\s+long\s+as)\s+{_BEFORE}{_RUN}"
    rf"\s+{_GOOD}",
    re.IGNORECASE,
)
# "if the previous run finished" alone may open a branch: these must say that nothing else starts a run.
_BINDS = re.compile(
    r"\bonly\b|\bdepend|\brel(?:y|ies|ying)\b|\bwait|\brequire|\bmust\b|\bnot\b|\bnever\b|\buntil\b|\bunless\b",
    re.IGNORECASE,
)
_GERMAN = re.compile(
    r"\b(?:(?:jeder|der)\s+lauf\s+)?(?:(?:soll\s+|darf\s+)?nur\s+(?:laufen|starten|loslaufen|ausführen)?,?\s*wenn\s+der\s+(?:lauf\s+vom\s+vortag|vorherige\s+lauf|letzte\s+lauf|gestrige\s+lauf|lauf\s+davor)\s+"
    r"(?:erfolgreich\s+)?(?:war|durchgelaufen\s+ist|beendet\s+(?:ist|wurde)|erfolgreich)|(?:hängt|ist)\s+vom?\s+(?:vorherigen|letzten|gestrigen)\s+lauf\s+ab(?:hängig)?)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?P<name>depends_on_past|wait_for_downstream)\b(?:\s*[=:]\s*(?P<value>true|false)\b)?", re.IGNORECASE
)
_OWN_TASK = re.compile(
    r"(?:^|[.;,\n]\s*|\b(?:and|but)\s+)(?P<scope>(?:the\s+|only\s+the\s+)[\w\s`'-]{2,50}?\b(?:task|step|load|job|query|export|import|check))\s+"
    rf"{_MODAL}(?:depend(?:s)?\s+on|wait(?:s)?\s+for|run(?:s)?\s+only\s+(?:if|after|when))\s+its\s+(?:own\s+)?(?:previous|last|prior)\s+(?:run|instance|execution)(?:\s+{_GOOD}|\s+to\s+{_GOOD})?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PastRuns:
    """How runs depend on the one before.

    Attributes:
        depends: whether every task waits for its own success in the run before.
        downstream: whether it also waits for what follows it there, so that the run before counts as a whole.
        scope: the words for the one step that this holds for, or None for all.
        assumed: whether the text says it in words, so that Airflow's settings are a reading of them.
    """

    depends: bool = False
    downstream: bool = False
    scope: Span | None = None
    assumed: bool = False
    spans: tuple[Span, ...] = ()


def find_past_runs(text: str) -> PastRuns:
    """What a text says about the run before; nothing if it does not speak of it."""
    own = _OWN_TASK.search(text)
    if own is not None:
        return PastRuns(True, False, Span(*own.span("scope")), True, (Span(*own.span()),))
    depends = downstream = False
    spans: list[Span] = []
    for match in _NAMED.finditer(text):
        on = (match.group("value") or "true").lower() == "true"
        downstream = downstream or (on and match.group("name").lower() == "wait_for_downstream")
        depends = depends or on
        spans.append(Span(*match.span()))
    named = depends
    for pattern in (_ENGLISH, _GERMAN):
        for match in pattern.finditer(text):
            if pattern is _ENGLISH and not _BINDS.search(match.group()):
                continue
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            spans.append(Span(start, match.end()))
            depends = True
            downstream = True
    return PastRuns(depends, downstream, None, depends and not named, tuple(spans))
