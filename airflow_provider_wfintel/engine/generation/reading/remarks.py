"""Remarks: clauses that are no steps. They tell of an end, of an exception, of order, of a recipient more."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.reading.alerts import DATA_PLACES, is_alert, read_alert, read_alerts
from airflow_provider_wfintel.engine.generation.reading.clauses import Clause
from airflow_provider_wfintel.engine.generation.reading.conditions import alert_event, read_guard
from airflow_provider_wfintel.engine.generation.reading.connections import states_connection
from airflow_provider_wfintel.engine.generation.reading.failing import (
    goes_on_softly,
    goes_on_telling,
    keeps_running,
    without_failing,
)
from airflow_provider_wfintel.engine.generation.reading.frames import Frame
from airflow_provider_wfintel.engine.generation.reading.given import is_given
from airflow_provider_wfintel.engine.generation.reading.guarding import named_step, says_otherwise
from airflow_provider_wfintel.engine.generation.reading.line import Line
from airflow_provider_wfintel.engine.generation.reading.lists import PARALLEL
from airflow_provider_wfintel.engine.generation.reading.noise import refers_back
from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.generation.reading.telling import only_tells
from airflow_provider_wfintel.engine.generation.reading.waits import wait_before
from airflow_provider_wfintel.engine.model import Caution

__all__ = [
    "AS_WELL",
    "LIMIT",
    "excepts",
    "heed_negation",
    "late_alert",
    "only_informs",
    "read_qualifiers_only",
    "says_parallel",
    "starts_itself",
    "tells_of_an_end",
    "told_as_well",
]

LIMIT = re.compile(r"\b(?:more than|allows?|permits?|at most|max\w*|up to|höchstens|limit\w*|no more)\b", re.IGNORECASE)


_COUNT = re.compile(r"\b(?:all|both|the)?\s*(?P<n>two|three|four|five|six|both|\d)\b", re.IGNORECASE)


_NUMBERS = {"two": 2, "both": 2, "three": 3, "four": 4, "five": 5, "six": 6}


# "skip files that already exist": how the step before goes about it, no step.
_EXCEPTION = re.compile(
    r"\W*(?:and\s+|but\s+)?(?:skip|ignore|omit|leave\s+out|exclude)\w*\s+(?:the\s+|any\s+|all\s+|those\s+)?"
    r"(?:files?|objects?|rows?|records?|keys?|duplicates?|entries)\b",
    re.IGNORECASE,
)


_NO_LONGER = re.compile(
    r"\bnot\s+(?:run|take|last|go\s+on|exceed)\w*\s+(?:for\s+)?(?:longer|more|over|past|beyond|\d)", re.IGNORECASE
)


def tells_of_an_end(line: Line, frame: Frame) -> bool:
    """Whether a frame says what happens after a failure, a delay or the like; that is noted, and is no plain step."""
    if keeps_running(line, frame):
        return True
    softly = goes_on_softly(line, frame)
    alerts = is_alert(line.words, frame)
    if (softly or alerts) and without_failing(line, frame, softly=softly):
        return True
    if alerts:
        found = read_alerts(line.words, frame)
        line.alerts.extend(found)
        end = frame.main.span.end
        line.failing = end if any(item.on == "failure" for item in found) else -1
        line.late = end if found[0].on == "deadline" else -1
        return True
    return goes_on_telling(line, frame)


def excepts(line: Line, clause: Clause, plain: str) -> bool:
    """Whether a clause says what the step before leaves out: no step, and no operator is known to do it."""
    if not line.steps or _EXCEPTION.match(plain) is None or line.words.services_in(clause.span):
        return False
    said = " ".join(clause.span.of(line.words.text).split())[:120]
    line.warnings.append(Caution("not_done", f"Not done by a task: {said!r}. Add it by hand.", clause.span))
    line.unused.append(clause.span)
    return True


def heed_negation(line: Line, clause: Clause, plain: str) -> None:
    """Call the last step off if the clause says so, and note that its words are read."""
    # "… and do not wait for it" says how the step runs; it does not call the step off.
    # Nor does "it must not run longer than …": that is a limit, read by another stage.
    limit = _NO_LONGER.search(line.words.text, clause.span.start, clause.span.end + 24)
    if line.steps and limit is None and refers_back(plain) and not WAITS.search(plain):
        line.take_back()
    line.unused.append(clause.span)


def only_informs(line: Line, frame: Frame) -> bool:
    """Whether a clause gives a connection or tells of something else, so that there is nothing to do in it."""
    clause = frame.main
    if states_connection(line, clause) or is_given(line, frame):
        return True
    tells = only_tells(line.words, clause) or _belongs_to_told(line, clause)
    if tells:
        line.told_end = clause.span.end
        places = {use.service for use in line.words.services_in(clause.span)} & DATA_PLACES
        line.told_of = next(iter(places)) if len(places) == 1 and line.words.slots_in(clause.span) else line.told_of
        line.unused.append(clause.span)
    return tells


def _belongs_to_told(line: Line, clause: Clause) -> bool:
    """Of "The figures are used by: https://…": what stands behind the colon of a sentence that only tells."""
    between = line.words.text[line.told_end : clause.span.start] if line.told_end >= 0 else ""
    return clause.verb is None and between.strip() == ":"


def read_qualifiers_only(line: Line, frame: Frame) -> None:
    """Heed the waits and the condition of a frame that asks for no work of its own."""
    for clause in frame.temporals:
        waiting = wait_before(line.words, clause, bool(line.steps))
        if waiting is not None:
            line.add(waiting, said=True)
    if frame.conditions and not alert_event(frame.conditions[0].span.of(line.words.text)):
        words = frame.conditions[0].span.of(line.words.text)
        line.pending_guard = read_guard(words, frame.conditions[0].span, leaves_out=False) if not line.steps else None


# "The a step and the b step don't depend on one another."
_INDEPENDENT = re.compile(
    r"\b(?:(?:do|does|did)(?:n't|n’t|\s+not)\s+(?:depend\s+on|wait\s+for|need)|(?:is|are)\s+independent\s+of|have\s+nothing\s+to\s+do\s+with)\s+(?:one\s+another|each\s+other)\b|"
    r"\b(?:are|run)\s+independent(?:ly)?\s*(?:[.;]|$)|^\W*(?:(?:all|both|these|they|it's|the\s+\w+)\s+)*(?:are\s+)?independent(?:ly)?(?:\s+(?:of|from)\s+(?:each\s+other|one\s+another))?\W*$|\bhängen\s+nicht\s+voneinander\s+ab\b",
    re.IGNORECASE,
)


def says_parallel(line: Line, clause: Clause, plain: str) -> bool:
    """Whether a clause says no more than that steps run side by side; it is heeded here."""
    words = line.words
    if _INDEPENDENT.search(plain):
        named = {use.service for use in words.services_in(clause.span)}
        spoken = [index for index, step in enumerate(line.steps) if named & set(step.services)] or _spoken_of(
            line, plain
        )
        if len(spoken) > 1 or (not named and len(line.steps) > 1):
            line.make_siblings(spoken if len(spoken) > 1 else _alike_at_the_end(line))
            return True
    if not PARALLEL.search(plain) or clause.verb is not None:
        return False
    if words.services_in(clause.span) or words.slots_in(clause.span):
        return False
    _parallel_note(line, plain)
    return True


_PARTS = re.compile(r"\s*(?:,|\band\b|\bor\b|\bund\b)\s*", re.IGNORECASE)


def _spoken_of(line: Line, plain: str) -> list[int]:
    """The steps that the subject of a sentence names by what they do ("archiving and loading do not depend …")."""
    subject = plain[: match.start()] if (match := _INDEPENDENT.search(plain)) is not None else ""
    found = [named_step(line, part) for part in _PARTS.split(subject) if part.strip()]
    return sorted({index for index in found if index is not None})


def _alike_at_the_end(line: Line) -> list[int]:
    """The last steps that do the same; the last two if only one does."""
    members = [len(line.steps) - 1]
    while members[0] > 0 and line.steps[members[0] - 1].action == line.steps[members[0]].action:
        members.insert(0, members[0] - 1)
    return members if len(members) > 1 else list(range(len(line.steps)))[-2:]


def _parallel_note(line: Line, plain: str) -> None:
    """Of "Both at the same time." speaks of the steps just read."""
    if LIMIT.search(plain) or len(line.steps) < 2:
        return
    count = _COUNT.search(plain)
    wanted = (
        _NUMBERS.get(count.group("n").lower(), 0) or int(count.group("n"))
        if count and count.group("n").lower() in _NUMBERS
        else 0
    )
    members = list(range(len(line.steps)))[-(wanted or len(line.steps)) :]
    line.make_siblings(members)


# "Trigger when the file arrives: …": the DAG itself is what is started.
_STARTS_ITSELF = re.compile(
    r"(?:please\s+)?(?:trigger|run|start|kick\s+off|launch|begin|fire|go|execute)(?:s|ed)?(?:\s+(?:it|(?:the|this)\s+(?:dag|pipeline|workflow|flow|job|process)))?",
    re.IGNORECASE,
)


def starts_itself(line: Line, frame: Frame, plain: str) -> bool:
    """Whether a clause only says what the DAG waits for; that is read here."""
    if not frame.temporals or line.steps or not _STARTS_ITSELF.fullmatch(plain.strip(" .,;:")):
        return False
    if line.words.slots_in(frame.main.span):
        return False  # "When the file arrives, run `load.sh`": something is run.
    read_qualifiers_only(line, frame)
    return True


_DUE = re.compile(
    r"\b(?:deadline|sla|no\s+later|by\s+(?:\d|noon|midnight)|before\s+(?:\d|noon|midnight)|until\s+\d|(?:within|longer\s+than|more\s+than|at\s+most)\s+(?:\d|an?|one|two)\W*\w*\s*(?:h|min|s))",
    re.IGNORECASE,
)


def late_alert(line: Line, frame: Frame) -> bool:
    """Of "must finish by 7, otherwise page …": who is told when the run is late."""
    if (
        not says_otherwise(line, frame)
        or any(step.guard is not None for step in line.steps)
        or line.pending_guard is not None
    ):
        return False
    if frame.main.verb is None or frame.main.verb.action != "notify":
        return False
    said = line.words.text[: frame.main.span.start]
    if any(step.action == "check" for step in line.steps) and not _DUE.search(said):
        return False
    line.alerts.append(replace(read_alert(line.words, frame), on="deadline"))
    return True


AS_WELL = re.compile(
    r"\b(?:also|too|as well|additionally|auch|ebenfalls|aussi|également|también|também|tambem)\b|另外|同时|也",
    re.IGNORECASE,
)


def told_as_well(line: Line, frame: Frame, step: Step) -> bool:
    """Of "mail a@x.org. Also tell b@x.org": a second recipient of the same message."""
    last = line.steps[-1] if line.steps else None
    if last is None or step.action != "notify" or last.action != "notify" or not step.slots:
        return False
    start = frame.main.span.start
    around = line.words.text[max(0, start - 12) : frame.main.span.end]
    people = all(item.slot.name == "recipients" for item in step.slots) and last.values("recipients")
    if not people or not AS_WELL.search(around) or (step.services and not set(step.services) <= set(last.services)):
        return False
    line.steps[-1] = replace(last, slots=(*last.slots, *step.slots), spans=(*last.spans, *step.spans))
    return True


WAITS = re.compile(r"\b(?:wait|wart|attend|esper|aguard)", re.IGNORECASE)
