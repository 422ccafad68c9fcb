"""Text of a log to events: lines of JSON, lines with a level, tracebacks and plain output, in any mixture."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from airflow_provider_wfintel.engine.troubleshooting.events import EventKind, LogDocument, LogEvent
from airflow_provider_wfintel.engine.troubleshooting.facts import says_something
from airflow_provider_wfintel.engine.troubleshooting.reading.json_lines import events_of_json
from airflow_provider_wfintel.engine.troubleshooting.reading.prefix import split_prefix

__all__ = ["read_document"]

_ANSI = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_FRAME = re.compile(r'^[\s|+│]*File "[^"\n]*", line \d+(?:,? in .*)?$')
_JAVA_FRAME = re.compile(
    r"^\s*(?:at [\w.$<>/]+\(.*\)|\.\.\. \d+ (?:more|common frames omitted)|at [\w.$<>/ ]+\(?.*\.(?:java|scala|kt|go|js|ts|cs):\d+.*)\s*$"
)
_GO_FRAME = re.compile(r"^(?:goroutine \d+ \[.*|\t?/\S+\.go:\d+.*|[\w./*()-]+\(0x[0-9a-f, x.]*\))$")
_MARKS = re.compile(r"^[\s|]*\^[\^~\s]*$|^[\s|]*[~^]+$|^[\s|]*\+[-+]+[\s\d-]*$")
_TRACEBACK = re.compile(r"^[\s|+>*]*(?:Exception Group )?Traceback \(most recent call last\):?")
_CAUSE = re.compile(r"(?i)^[\s|]*the above exception was the direct cause of")
_DURING = re.compile(r"(?i)^[\s|]*during handling of the above exception")
_TYPE = re.compile(
    r"^[\s|]*(?:[A-Za-z_][\w]*\.)*[A-Za-z_]\w*(?:Error|Exception|Warning|Failure|Failed|Timeout|Exit|Interrupt|NotFound|Violation|Denied|Fault|Skip\w*|Exists|Refused|Unavailable|Throttl\w+|Conflict|Invalid\w*|Expired\w*)\b(?:\(.*\))?(?::|$|\s*\()"
)
_JAVA_CAUSE = re.compile(r"^\s*(?:Caused by|Suppressed|Wrapped by):\s")
_FACTS = "--- facts"
# Names of services or containers that docker compose and others put in front of every line.
_SERVICE = re.compile(r"^[a-z][\w.-]*[-_]\d+ +\| ?|^[a-z][\w-]{2,30} {1,20}\| ")
# Names of components that Airflow's own commands put in front, without a bar.
_COMPONENT = re.compile(
    r"^(?:scheduler|triggerer|webserver|worker|dag-processor|api-server|standalone) +(?=\[|Traceback|  File |\d{4}-|(?:[\w.]+\.)?[A-Z]\w*(?:Error|Exception)\b|    )"
)
_COMPONENT_STARTS = frozenset("stwda")
_MAX_BLOCK = 24_000
_MAX_FRAMES = 60
_WRAP_FROM = 28
_MAX_WRAPPED = 600
_ENDS = frozenset(".:;!?)]}0123456789")
_MAX_LINES = 400
# No message is longer than this; what is, is data. Its beginning and end are read.
_MAX_LINE = 8_000


@dataclass
class _State:
    """Where the reader stands in the text."""

    events: list[LogEvent] = field(default_factory=list)
    level: str = ""
    logger: str = ""
    header: str = ""
    chain: int = 0
    frames: list[str] = field(default_factory=list)
    in_frames: bool = False
    linked: str = ""
    open: bool = False  # whether a following indented line belongs to the last event
    after_frame: bool = False
    group: list[int] = field(default_factory=list)
    facts: bool = False


def read_document(text: str, *, omitted_bytes: int = 0) -> LogDocument:
    """The events of a log.

    Args:
        text: the log, secrets already masked.
        omitted_bytes: what was left out of its middle.
    """
    if "\x1b" in text:
        text = _ANSI.sub("", text)
    state = _State()
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        line = line.rstrip()
        if " | " in line[:40]:
            line = _SERVICE.sub("", line)
        elif line[:1] in _COMPONENT_STARTS:
            found_prefix = _COMPONENT.match(line)
            line = line[found_prefix.end() :] if found_prefix else line
        if not line:
            state.after_frame = False
            continue
        if state.facts or line.startswith(_FACTS):
            _take_fact(state, line, number)
            continue
        if line[0] == "{" and line[-1] == "}":
            found = events_of_json(line, number, state.chain)
            if found is not None:
                _take_json(state, found)
                continue
        _take_line(
            state, line if len(line) <= _MAX_LINE else f"{line[: _MAX_LINE // 2]} {line[-_MAX_LINE // 2 :]}", number
        )
    _close_chain(state)
    return LogDocument(tuple(state.events), len(lines), omitted_bytes)


def _take_fact(state: _State, line: str, number: int) -> None:
    """A line of the block `--- facts`, which may follow the log: the event rows and the state of the try."""
    state.level, state.logger, state.facts = "", "", not line.startswith("--- ") or line.startswith(_FACTS)
    if state.facts and not line.startswith(_FACTS) and says_something(line):
        _add(state, "fact", line, line, number)


def _take_json(state: _State, found: list[LogEvent]) -> None:
    _close_chain(state)
    state.events.extend(found)
    state.chain = max([state.chain, *(event.chain for event in found)])
    state.level, state.header = found[0].level, found[0].text
    state.in_frames = state.open = False
    state.frames.clear()


def _take_line(state: _State, line: str, number: int) -> None:
    level, logger, message = split_prefix(line.lstrip() or line)
    if level or logger:
        if message and _is_wrapped(state, level, logger, message, number):
            last = state.events[-1]
            state.events[-1] = last._replace(text=f"{last.text}\n{message}", raw=f"{last.raw}\n{line}")
            return
        _close_chain(state)
        state.level, state.logger, state.header = level, logger, message
        state.frames.clear()
        state.in_frames = False
        if _TRACEBACK.match(message):
            _start_traceback(state, new=True)
        elif message:
            _add(state, "message", message, line, number)
            state.open = True
        return
    if _TRACEBACK.match(line):
        _start_traceback(state, new=not state.linked)
    elif _CAUSE.match(line):
        state.linked = "cause"
    elif _DURING.match(line):
        state.linked = "during"
    elif _FRAME.match(line) or _JAVA_FRAME.match(line) or _GO_FRAME.match(line):
        _take_frame(state, line)
    elif _MARKS.match(line):
        return
    else:
        _take_text(state, line, number)


def _is_wrapped(state: _State, level: str, logger: str, message: str, number: int) -> bool:
    """Whether a line goes on with the sentence of the line before, which a program had wrapped at a fixed width."""
    last = state.events[-1] if state.events else None
    if last is None or last.kind != "message" or (last.level, last.logger) != (level, logger) or state.in_frames:
        return False
    line = last.text.rsplit("\n", 1)[-1]
    follows = number == last.first_line + last.text.count("\n") + 1
    return (
        follows
        and len(line) >= _WRAP_FROM
        and line[-1] not in _ENDS
        and message[0].islower()
        and len(last.text) < _MAX_WRAPPED
    )


def _start_traceback(state: _State, *, new: bool) -> None:
    if new:
        _close_chain(state)
        state.chain += 1
    state.frames.clear()
    state.in_frames = True
    state.open = False


def _take_frame(state: _State, line: str) -> None:
    """A code position. Without a header before it the text begins inside a traceback, or the exception came first."""
    if len(state.frames) < _MAX_FRAMES:
        state.frames.append(line.strip())
    if line.lstrip(" |+│").startswith("File "):
        last = state.events[-1] if state.events else None
        exception_first = last is not None and not line.startswith(" ") and last.kind == "exception" and state.open
        if exception_first and last is not None:
            state.events[-1] = last._replace(frames=f"{last.frames}\n{line.strip()}"[-_MAX_BLOCK:])
            return
        if not state.in_frames:
            state.in_frames = True
            if not state.linked:
                _close_chain(state)
                state.chain += 1
        state.after_frame = True
        state.open = False


def _take_text(state: _State, line: str, number: int) -> None:
    indented = line[0] in " \t|"
    code = state.after_frame or not _TYPE.match(line)
    if state.in_frames and indented and code:  # the line of code under a frame says nothing about what happened
        state.after_frame = False
        if len(state.frames) < _MAX_FRAMES:
            state.frames.append(line.strip())
        return
    state.after_frame = False
    if state.in_frames:
        _add_exception(state, line, number)
        return
    if _JAVA_CAUSE.match(line):
        _add(state, "exception", line.strip(), line, number)
        state.open = True
        return
    last = state.events[-1] if state.events else None
    if indented and state.open and last is not None and len(last.text) < _MAX_BLOCK:
        state.events[-1] = last._replace(text=f"{last.text}\n{line}", raw=f"{last.raw}\n{line}")
        return
    if last is not None and last.kind == "exception" and state.open and _continues(last, line):
        state.events[-1] = last._replace(text=f"{last.text}\n{line}", raw=f"{last.raw}\n{line}")
        return
    if _TYPE.match(line):
        follows = last is not None and last.kind == "exception" and last.first_line == number - 1 and bool(state.group)
        if not state.linked and not follows:
            _close_chain(state)
            state.chain += 1
        state.header = ""
        _add_exception(state, line, number)
    else:
        state.level = ""
        _add(state, "message", line.strip(), line, number)
        state.open = True


def _continues(last: LogEvent, line: str) -> bool:
    """Whether a line without indentation still belongs to an exception's message (`LINE 1: …`, `DETAIL: …`, `[SQL: …]`)."""
    if len(last.text) > _MAX_BLOCK or last.text.count("\n") > _MAX_LINES:
        return False
    return not _TYPE.match(line)


def _add_exception(state: _State, line: str, number: int) -> None:
    state.in_frames = False
    text = line.strip(" |+")
    _add(
        state,
        "exception",
        text,
        line,
        number,
        frames="\n".join(state.frames)[-_MAX_BLOCK:],
        header=state.header,
        chain=state.chain,
        handled_first=state.linked == "during",
    )
    state.group.append(len(state.events) - 1)
    state.frames.clear()
    state.linked = ""
    state.open = True


def _add(
    state: _State, kind: EventKind, text: str, raw: str, number: int, *, frames: str = "", header: str = "", chain: int = 0,
    handled_first: bool = False,
) -> None:  # fmt: skip
    state.events.append(
        LogEvent(
            kind=kind, text=text, level=state.level, logger=state.logger, first_line=number, raw=raw, frames=frames,
            header=header, chain=chain, handled_first=handled_first,
        )
    )  # fmt: skip


def _close_chain(state: _State) -> None:
    """Number the exceptions of the chain that ends here from the one raised last (0) to the first (deepest)."""
    count = len(state.group)
    follows = False
    for depth, index in enumerate(reversed(state.group)):
        event = state.events[index]
        # The mark stands at the later exception and concerns the one before it.
        state.events[index] = event._replace(depth=depth, handled_first=follows)
        follows = event.handled_first
    state.group.clear()
    state.linked = ""
    if count:
        state.in_frames = False
