"""Names of errors, spelled out: `InvalidPassword` says the same as "invalid password".

Libraries name their errors in words (`TooManyRequestsException`, `[TABLE_OR_VIEW_NOT_FOUND]`, `rateLimitExceeded`), and
there are more of these names than any list holds. Written apart, their words are matched by the signatures of messages.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from itertools import islice

from airflow_provider_wfintel.engine.troubleshooting.patterns import LazyPattern

__all__ = ["spelled_names"]

_LOOK_AT = 1_500
_MOST = 6
# The type at the head of an exception, with or without its package.
_HEAD = LazyPattern(r"(?:Caused by: )?(?:[A-Za-z_]\w*[.$])*([A-Z]\w{5,80})(?=:|$|\s)")
# Error codes inside a message: in brackets, quotes or parentheses, or after the word that announces them.
_INSIDE = LazyPattern(
    r"""(?:[\[("']|(?:\b(?:[Rr]eason|[Cc]ode|[Ee]rror|[Ss]tatus|[Tt]ype|name)['"]?(?::|=|\sis)\s?['"]?))"""
    r"([A-Z][a-z]+[A-Z]\w{2,60}|[a-z]+[A-Z]\w{2,60}|[A-Z]{3,}(?:_[A-Z]+){1,9})(?=[\])\"',;:.\s]|$)"
)
_PARTS = LazyPattern(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")


def spelled_names(text: str, *, head: bool) -> Iterator[tuple[str, int, int]]:
    """The names of errors in what a failure says, as words in lower case, with where each stands.

    Args:
        text: what is said.
        head: whether it begins with the type of an exception.
    """
    shown = text[:_LOOK_AT]
    found = []
    if head:
        first = _HEAD.match(shown)
        if first and not hasattr(builtins, first.group(1)):  # what the language's own names mean is known
            found.append(first)
    found += list(islice(_INSIDE.finditer(shown), _MOST - len(found)))
    for place in found:
        words = [part.group().lower() for part in _PARTS.finditer(place.group(1))]
        if len(words) > 1:
            yield " ".join(words), place.start(1), place.end(1)
