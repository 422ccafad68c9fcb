"""Manner: short clauses that only say how the steps before them work. They are heeded there and are no steps.

"(append)", "(truncate before)", "run them simultaneously", "backfill please", "check every 2 minutes, give up after
3 hours", "step 4 should run even when 3 failed".
"""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.reading.anyhow import says_anyhow
from airflow_provider_wfintel.engine.generation.reading.clauses import Clause
from airflow_provider_wfintel.engine.generation.reading.frames import Frame
from airflow_provider_wfintel.engine.generation.reading.inherit import first_values
from airflow_provider_wfintel.engine.generation.reading.line import Line
from airflow_provider_wfintel.engine.generation.reading.lists import PARALLEL
from airflow_provider_wfintel.engine.generation.reading.looking import only_looks
from airflow_provider_wfintel.engine.generation.reading.steps import Step

__all__ = ["says_manner"]

_WRITES = re.compile(
    r"\(?\s*(?P<how>append|overwrite|replace|upsert|merge|insert|truncate|empty|clear)\w*"
    r"(?:\s+(?:only|mode|first|before(?:hand)?|it|them|everything|all|(?:the\s+|all\s+|any\s+)?(?:old\s+|existing\s+|previous\s+)?"
    r"(?:rows?|contents?|data|records?)|the\s+(?:table|target)(?:\s+(?:first|before(?:hand)?))?))*\s*\)?",
    re.IGNORECASE,
)
_EMPTIES = frozenset({"truncate", "empty", "clear"})
_RUN_TOGETHER = re.compile(
    r"(?:please\s+)?(?:run|execute|start|do|process)(?:s|es)?\s+(?:(?:them|these|those|both|all|everything|of|"
    r"the\s+(?:steps|tasks|copies|exports|loads|jobs|queries|tables))\s+){0,4}",
    re.IGNORECASE,
)
_BACKFILLS = re.compile(
    r"(?:please\s+|also\s+|with\s+|do\s+(?:a\s+)?)*(?:backfills?|catch(?:es)?[\s-]?up)"
    r"(?:\s+(?:please|too|as\s+well|is\s+(?:wanted|needed|on)|(?:the\s+)?(?:past|history|missed\s+(?:days|runs))))*",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"(?:and\s+)?(?:stop|end|exit|quit|finish)(?:\s+(?:there|here|the\s+(?:run|dag|pipeline|job)))?", re.I
)
_STEP = re.compile(
    r"(?:step|task|item|number|no\.?|#)\s*(?P<n>\d{1,2})\s+(?:\w+\s+){0,2}?(?:runs?|executed?|happens?|done|starts?)\b",
    re.IGNORECASE,
)


def says_manner(line: Line, frame: Frame) -> bool:
    """Whether a clause says no more than how steps before it work; they are changed as it says."""
    if not _is_manner(line, frame):
        return False
    line.heeded.append(frame.main.span)
    line.heeded.extend(item.span for item in (*frame.conditions, *frame.temporals))
    return True


def _is_manner(line: Line, frame: Frame) -> bool:
    clause = frame.main
    if not line.steps or line.words.services_in(clause.span) or frame.befores:
        return False
    said = " ".join(clause.span.of(line.words.text).split())
    plain = " ".join(line.words.plain(clause.span).split()).strip(" .,;:()")
    if _of_a_numbered_step(line, clause, said):
        return True
    if only_looks(line.words.text[clause.span.start : clause.span.end]):
        return True
    if line.words.slots_in(clause.span):
        return False
    if _ends(line, frame, plain) or _BACKFILLS.fullmatch(plain):
        return True
    if _RUN_TOGETHER.match(plain) and PARALLEL.fullmatch(_RUN_TOGETHER.sub("", plain, count=1).strip()):
        _side_by_side(line)
        return True
    return _writes(line, clause, plain) or _replaces(line, clause, plain)


def _ends(line: Line, frame: Frame, plain: str) -> bool:
    """Whether a clause without a condition of its own says that the run is over: nothing follows anyway."""
    guarded = any(step.guard is not None for step in line.steps) or line.pending_guard is not None
    return not guarded and not frame.conditions and _ENDS.fullmatch(plain) is not None


def _side_by_side(line: Line) -> None:
    last = line.steps[-1]
    if last.foreach is None and len(line.steps) > 1:
        chunk = last.clause.chunk if last.clause is not None else -1
        own = [index for index, step in enumerate(line.steps) if step.clause is not None and step.clause.chunk == chunk]
        if len(own) > 1:
            line.make_siblings(own)


def _writes(line: Line, clause: Clause, plain: str) -> bool:
    """Of "load … into a (truncate before)": how the load before treats the rows that are there."""
    last = line.steps[-1]
    opened = line.words.text[max(0, clause.span.start - 2) : clause.span.start + 1]
    how = _WRITES.fullmatch(plain)
    if how is None or "(" not in opened or last.action not in ("load", "copy") or not last.target:
        return False
    if how.group("how").lower() in _EMPTIES and last.values("table"):
        target = len(line.steps) - 1
        empty = Step(action="delete", lemma="truncate", words="truncate the table", spans=(clause.span,), clause=clause)
        line.insert_before(first_values(empty, replace(last, source="")), target)
        return True
    line.steps[-1] = replace(last, words=f"{last.words} ({plain})", spans=(*last.spans, clause.span))
    return True


_REPLACES = re.compile(
    r"(?:and\s+)?(?:replac|overwrit)(?:ing|es?)\s+(?:what(?:ever)?\s+(?:is|was)\s+there(?:\s+before)?|everything|them|(?:all\s+|the\s+|any\s+)?(?:old|existing|previous|current)\s+\w+|"
    r"(?:all|the)\s+rows)",
    re.IGNORECASE,
)


def _replaces(line: Line, clause: Clause, plain: str) -> bool:
    """Of "load … into a, replacing what is there": the load empties the table first."""
    last = line.steps[-1]
    if last.action not in ("load", "copy") or not last.target or _REPLACES.fullmatch(plain) is None:
        return False
    line.steps[-1] = replace(last, words=f"{last.words}, {plain}", spans=(*last.spans, clause.span))
    return True


def _of_a_numbered_step(line: Line, clause: Clause, said: str) -> bool:
    """Of "step 4 should run even when 2 or 3 failed": the rule of that step."""
    named = _STEP.match(said)
    if named is None or not says_anyhow(line.words.text[clause.span.start : clause.span.end + 80].partition(".")[0]):
        return False
    number = int(named.group("n"))
    items = sorted({step.clause.item for step in line.steps if step.clause is not None and step.clause.item})
    wanted = items[number - 1] if len(items) >= number else -1
    found = [index for index, step in enumerate(line.steps) if step.clause is not None and step.clause.item == wanted]
    if not found:
        return False
    line.steps[found[0]] = replace(line.steps[found[0]], trigger_rule="all_done")
    return True
