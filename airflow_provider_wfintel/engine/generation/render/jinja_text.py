"""Text that Airflow renders with Jinja but that must arrive unchanged."""

from __future__ import annotations

import re

__all__ = ["is_inert", "protect"]

_OPENERS = re.compile(r"\{\{|\{%|\{#")
_ENDRAW = re.compile(r"\{%-?\+?\s*endraw", re.IGNORECASE)


def is_inert(text: str) -> bool:
    """Whether Jinja returns `text` as it is: no opening tag, no newline that it would drop or change."""
    return not (_OPENERS.search(text) or "\r" in text or text.endswith("\n"))


def protect(text: str) -> str:
    r"""A template that renders to exactly `text`.

    Text with tags is wrapped in a `raw` block, which keeps it readable. Where that does not keep it (it ends a raw
    block itself, or has line ends that Jinja changes), the whole text becomes one Jinja string expression.
    """
    if is_inert(text):
        return text
    if _ENDRAW.search(text) or "\r" in text or text.endswith("\n") or text.startswith("\n"):
        return "{{ " + _jinja_string(text) + " }}"
    return "{% raw %}" + text + "{% endraw %}"


def _jinja_string(text: str) -> str:
    """`text` as a string literal of Jinja's expression language, which knows Python's escapes.

    Braces and percent signs are escaped too, so that no reader, man or program, takes them for tags.
    """
    escaped = []
    for letter in text:
        code = ord(letter)
        if letter in '"\\{}%#' or code < 32 or code == 127:
            escaped.append(f"\\x{code:02x}")
        elif code < 127:
            escaped.append(letter)
        else:
            escaped.append(f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")
    return '"' + "".join(escaped) + '"'
