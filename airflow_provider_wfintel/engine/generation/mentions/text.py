"""The check that comes before reading: is there text at all, is it text, and not too much of it."""

from __future__ import annotations

from airflow_provider_wfintel.exceptions import EmptyInputError, InputTooLargeError, NotTextError

__all__ = ["MAX_CHARACTERS", "require_text"]

MAX_CHARACTERS = 20_000
"""Some eight pages: more is a document, not the description of a workflow."""

_MAX_CONTROL_SHARE = 0.02


def require_text(text: str) -> str:
    """The text itself, if it can be read.

    Raises:
        EmptyInputError: nothing but blanks.
        InputTooLargeError: more than `MAX_CHARACTERS` characters.
        NotTextError: not a string, or a string with NUL or many control characters.
    """
    if not isinstance(text, str):
        raise NotTextError(f"expected text, got {type(text).__name__}", hint="decode bytes as UTF-8 first")
    if len(text) > MAX_CHARACTERS:
        raise InputTooLargeError(
            f"the text has {len(text)} characters, the most that is read is {MAX_CHARACTERS}",
            hint="describe one workflow at a time",
        )
    if not text.strip():
        raise EmptyInputError("the text is empty", hint="describe in a sentence or two what should happen")
    controls = sum(1 for char in text if char < " " and char not in "\t\n\r\f\v")
    if "\x00" in text or controls > _MAX_CONTROL_SHARE * len(text):
        raise NotTextError("the input holds binary data", hint="hand in plain text")
    return text
