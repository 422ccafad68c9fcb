"""How often a sensor looks: "when the file exists (check every 2 minutes, give up after 3 hours)" is no schedule."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.model import Span

__all__ = ["looks", "only_looks"]

_TIME = r"(?:an?|one|two|three|five|ten|\d{1,4})\s*(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?)\b"
_LOOKS = rf"(?:check|poll|look|poke|prob|try|test)\w*\s+(?:for\s+it\s+|again\s+)*(?:every|each)\s+{_TIME}"
_LIMITS = rf"(?:(?:give|gives|giving)\s+up\s+after|(?:time|times|timing)\s+out\s+after|(?:for\s+)?(?:at\s+most|no\s+longer\s+than|up\s+to)|timeout(?:\s+(?:of|after))?)\s+{_TIME}"
_LOOK = re.compile(rf"\b{_LOOKS}", re.IGNORECASE)
_ONLY = re.compile(
    rf"\W*(?:and\s+|but\s+)?(?:{_LOOKS}|{_LIMITS})(?:\s*(?:,|and|or|but)\s*(?:{_LOOKS}|{_LIMITS}))*\W*", re.IGNORECASE
)
_WAITED = re.compile(
    r"\b(?:wait\w*|sensor|until|(?:when|once|as\s+soon\s+as|after)\b(?:[^.;\n]|\.(?=\w)){0,120}?\b(?:exist|arriv|land|appear|show|drop|avail|there|present|ready|come)\w*)",
    re.IGNORECASE,
)


def looks(text: str) -> tuple[Span, ...]:
    """Where a text says how often a wait in the same sentence looks: that is not when the DAG runs."""
    found = []
    for match in _LOOK.finditer(text):
        start = max(text.rfind(sign, 0, match.start()) for sign in (". ", "; ", "\n"))
        if _WAITED.search(text, max(start, 0), match.start()):
            found.append(Span(*match.span()))
    return tuple(found)


def only_looks(words: str) -> bool:
    """Whether words say no more than how often and how long a wait looks."""
    return _ONLY.fullmatch(words) is not None
