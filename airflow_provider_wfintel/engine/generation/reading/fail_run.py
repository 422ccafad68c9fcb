"""'If the table has fewer than 1000 rows, fail the run': a check of the opposite, for a check that fails ends the run."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.reading.conditions import read_guard
from airflow_provider_wfintel.engine.generation.reading.frames import Frame
from airflow_provider_wfintel.engine.generation.reading.inherit import only_database
from airflow_provider_wfintel.engine.generation.reading.line import Line
from airflow_provider_wfintel.engine.generation.reading.steps import OwnedSlot, Step
from airflow_provider_wfintel.engine.model import Caution, Span

__all__ = ["fails_the_run"]

_FAIL = re.compile(
    r"\W*(?:then\s+|please\s+)?(?:fail|abort|break|error\s+out\s+of)\b\s*(?:the\s+|this\s+)?(?:whole\s+)?"
    r"(?:run|dag|pipeline|workflow|job|task)?\W*",
    re.IGNORECASE,
)
_BOUND = re.compile(
    r"(?P<sign><=|>=|<|>|\b(?:fewer|less|lower|smaller)\s+than|\b(?:more|greater|higher|larger)\s+than|\bbelow|\bunder|\babove|\bover|"
    r"\bat\s+least|\bat\s+most)\s*(?P<n>\d[\d,.]*)",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"\b(?:is|are|equals?|has|have|returns?|contains?|=)\s+(?:0|zero|no\s+rows?|empty)\b|\bempty\b|\bno\s+rows?\b",
    re.IGNORECASE,
)
# "isn't zero", "returns any rows": the check holds for none.
_ANY = re.compile(
    r"\b(?:is|are|was|does)\s*(?:n't|n’t|\s+not)\s+(?:equal(?:\s+to)?\s+)?(?:0|zero|empty)\b|\bnon-?zero\b|!=\s*0|<>\s*0|\b(?:returns?|finds?|has|have|are|yields)\s+(?:any|some)\b(?:\s+rows?)?",
    re.IGNORECASE,
)
_OPPOSITE = {
    "fewer": "at least", "less": "at least", "lower": "at least", "smaller": "at least", "below": "at least", "under": "at least",
    "<": "at least", "more": "at most", "greater": "at most", "higher": "at most", "larger": "at most", "above": "at most",
    "over": "at most", ">": "at most", "<=": "more than", ">=": "less than", "at least": "less than", "at most": "more than",
}  # fmt: skip


def fails_the_run(line: Line, frame: Frame) -> bool:
    """Read a clause that only says when the run is to fail; False if it says something else.

    What cannot be turned into a check is listed and warned of.
    """
    words, clause = line.words, frame.main
    if not frame.conditions or _FAIL.fullmatch(clause.span.of(words.text)) is None:
        return False
    condition = frame.conditions[0]
    step = _check(line, condition.span)
    span = Span(condition.span.start, clause.span.end)
    if step is not None:
        line.add(step, said=True)
        return True
    said = " ".join(span.of(words.text).split())[:120]
    line.warnings.append(
        Caution("not_done", f"Not done by a task: {said!r}. Say it as a check of a table or a query.", span)
    )
    line.unused.append(span)
    return True


def _check(line: Line, span: Span) -> Step | None:
    """A check that holds when the condition does not; None if the words do not say what is looked at."""
    text = span.of(line.words.text)
    demand = _demand(text)
    if not demand or read_guard(text, span, leaves_out=False).kind in ("holiday", "day", "differs"):
        return None
    tables = [slot for slot in line.words.slots_in(span) if slot.name == "table"]
    services = line.words.services_in(span)
    if len(tables) == 1 and len(services) == 1:
        service = services[0].service
        owned = (OwnedSlot(tables[0], service),)
        words = f"check that {tables[0].value} has {demand} rows"
        return Step(action="check", lemma="check", source=service, slots=owned, words=words, spans=(span,))
    queries = [slot for slot in line.words.slots_in(span) if slot.name == "sql"]
    if len(queries) == 1 and len(services) <= 1:
        service = services[0].service if services else ""
        words = f"check that the result is {demand}"
        own = (OwnedSlot(queries[0], service),)
        asked_for = Step(action="check", lemma="check", target=service, slots=own, words=words, spans=(span,))
        return asked_for if service else only_database(line.words, asked_for)
    last = line.steps[-1] if line.steps else None
    if last is None or tables or services or not any(item.slot.name in ("sql", "table") for item in last.slots):
        return None
    asked = f"the result is {demand}" if last.values("sql") else f"it has {demand} rows"
    return replace(
        last, action="check", lemma="check", words=f"check that {asked}", spans=(span,), guard=None, foreach=None
    )


def _demand(text: str) -> str:
    bound = _BOUND.search(text)
    if bound is not None:
        sign = " ".join(bound.group("sign").lower().split())
        opposite = _OPPOSITE.get(sign) or _OPPOSITE.get(sign.split()[0], "")
        return f"{opposite} {bound.group('n').rstrip('.,')}"
    if _ANY.search(text):
        return "0"
    return "more than 0" if _NONE.search(text) else ""
