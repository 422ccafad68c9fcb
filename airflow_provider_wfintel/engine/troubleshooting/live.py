"""A live exception as a document: what a task process holds in its hands before any log is written."""

from __future__ import annotations

import traceback
from collections.abc import Collection, Iterator

from airflow_provider_wfintel.engine.troubleshooting.events import LogDocument, LogEvent
from airflow_provider_wfintel.engine.troubleshooting.redaction import redact

__all__ = ["document_of_exception"]

_MAX_TEXT = 6_000
_MAX_FRAMES = 40
_MAX_DEPTH = 12


def document_of_exception(error: BaseException, secrets: Collection[str] = ()) -> LogDocument:
    """The chain of an exception, deepest first, with secrets masked.

    Args:
        error: the exception that ended the try.
        secrets: values that must not appear.
    """
    events = []
    for depth, (item, handled) in enumerate(_chain(error)):
        text = redact(_said(item), secrets)
        events.append(
            LogEvent(
                kind="exception", text=text, level="error", raw=text, frames=_frames(item), chain=1, depth=depth,
                header="Task failed with exception", handled_first=handled,
            )
        )  # fmt: skip
    return LogDocument(tuple(reversed(events)), lines=1)


def _chain(error: BaseException) -> Iterator[tuple[BaseException, bool]]:
    """The exception, its declared cause or what was being handled, and so on; members of groups after their group."""
    seen: set[int] = set()
    waiting: list[tuple[BaseException, bool]] = [(error, False)]
    while waiting and len(seen) < _MAX_DEPTH:
        item, handled = waiting.pop(0)
        if id(item) in seen:
            continue
        seen.add(id(item))
        yield item, handled
        waiting += [(member, False) for member in getattr(item, "exceptions", ()) if isinstance(member, BaseException)]
        if item.__cause__ is not None:
            waiting.append((item.__cause__, False))
        elif item.__context__ is not None and not item.__suppress_context__:
            waiting.append((item.__context__, True))


def _said(error: BaseException) -> str:
    kind = type(error)
    try:
        value = str(error)[:_MAX_TEXT]
    except Exception:  # an exception that cannot say what it is still has a type
        value = ""
    notes = "".join(f"\n{note}" for note in getattr(error, "__notes__", ()) if isinstance(note, str))
    module = "" if kind.__module__ in ("builtins", "__main__") else f"{kind.__module__}."
    return f"{module}{kind.__qualname__}: {value}{notes}"


def _frames(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__, limit=-_MAX_FRAMES) if error.__traceback__ else []
    return "\n".join(f'File "{frame.filename}", line {frame.lineno}, in {frame.name}' for frame in frames)
