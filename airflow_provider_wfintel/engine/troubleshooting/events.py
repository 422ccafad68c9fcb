"""What a log says, as values: one event per message, exception or fact, in the order of the log.

Named tuples, as all values that a retry decision needs: a frozen dataclass takes eight times as long to define, and the
first decision of a task process pays for each.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

__all__ = ["EventKind", "LogDocument", "LogEvent"]

EventKind: TypeAlias = Literal["message", "exception", "fact"]


class LogEvent(NamedTuple):
    """One thing that the log says.

    Attributes:
        kind: a message, an exception at the end of a traceback, or a fact from beside the log.
        text: what is said, without time stamp and level; an exception as `type: value`. Secrets are masked.
        level: level in lower case, empty if the line has none. An exception has that of the message it came with.
        logger: name of the logger, empty if unknown.
        first_line: 1-based number of the first line.
        raw: the line or lines as they stand in the log (secrets masked), from which evidence is cut.
        frames: for an exception, the code positions of its traceback, one per line.
        header: for an exception, the message that it came with.
        chain: number of the traceback chain that the exception belongs to; 0 for messages.
        depth: 0 for the exception that was raised last, 1 for its cause, and so on.
        handled_first: the exception was being handled when the next one was raised, and is not its declared cause.
    """

    kind: EventKind
    text: str
    level: str = ""
    logger: str = ""
    first_line: int = 1
    raw: str = ""
    frames: str = ""
    header: str = ""
    chain: int = 0
    depth: int = 0
    handled_first: bool = False


class LogDocument(NamedTuple):
    """A log as events. `omitted_bytes` is what was left out of the middle of a large one."""

    events: tuple[LogEvent, ...]
    lines: int = 0
    omitted_bytes: int = 0
