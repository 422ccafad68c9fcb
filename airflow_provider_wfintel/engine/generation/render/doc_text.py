"""The docstring and the comments of the file: the user's words, made harmless and stable under formatting."""

from __future__ import annotations

import re
import textwrap

from airflow_provider_wfintel.engine.generation.render.layout import LINE_LENGTH

__all__ = ["comment_lines", "docstring"]


def _printable(text: str) -> str:
    """Text without controls, bidi marks and other letters that do not show."""
    return "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)


def docstring(text: str) -> str:
    """A module docstring that holds `text`; empty if there is nothing to say."""
    plain = _printable(re.sub(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", "\n", text).expandtabs(4))
    lines = [line.rstrip() for line in plain.split("\n")]
    first, rest = lines[0].strip(), textwrap.dedent("\n".join(lines[1:])).split("\n") if lines[1:] else []
    body = "\n".join([first, *rest]).strip()
    if not body:
        return ""
    body = re.sub(r"\n{3,}", "\n\n", body)
    inner = body.rstrip('"')
    # A quote right before the closing ones would close the docstring too early.
    body = inner.replace("\\", "\\\\").replace('"""', '\\"\\"\\"') + '\\"' * (len(body) - len(inner))
    return f'"""{body}\n"""' if "\n" in body else f'"""{body}"""'


def comment_lines(text: str, indent: int) -> list[str]:
    """`text` as comment lines."""
    plain = " ".join(_printable(text).replace("\n", " ").split())
    room = LINE_LENGTH - indent - 2
    return [" " * indent + "# " + line for line in textwrap.wrap(plain, width=room)] if plain else []
