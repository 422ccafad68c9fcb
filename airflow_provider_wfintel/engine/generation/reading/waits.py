"""What must have happened before a step: other DAGs, jobs, files; and what a condition compares."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.reading.clauses import Clause
from airflow_provider_wfintel.engine.generation.reading.frames import Frame, ServiceUse, Words
from airflow_provider_wfintel.engine.generation.reading.slots import Slot
from airflow_provider_wfintel.engine.generation.reading.steps import OwnedSlot, Step, read_step
from airflow_provider_wfintel.engine.model import Span

__all__ = ["asked_in", "compared_sides", "somebody_agrees", "wait_before", "work_in"]

_OTHER_DAG = re.compile(r"\b(?:dag|dags|pipeline|workflow)\b", re.IGNORECASE)
_FILE = re.compile(
    r"\b(?:files?|objects?|csv|drop|attachment|partition|datei|fichier|archivo|arquivo|mail|e-?mail)\b|文件|分区",
    re.IGNORECASE,
)
_ARRIVES = re.compile(
    r"\b(?:arriv\w*|lands?|landed|shows? up|appears?|appeared|is there|exists?|available|present|dropped|uploaded|delivered|ready|ankommt|da ist|vorliegt|"
    r"arrive\w*|disponible|llegu?e\w*|aparece\w*|chega\w*|chegar)\b|到达|到位|就绪",
    re.IGNORECASE,
)
_RUNS = re.compile(r"\b(?:job|query|load|sync|export|run|build|refresh|pipeline)\b", re.IGNORECASE)


# "once legal has signed it off", "nach Freigabe durch …": somebody says yes first.
_APPROVED = re.compile(
    r"\b(?:approv(?:es?|ed|al)|sign(?:s|ed)?[- ]?(?:it )?off|consent\w*|go[- ]ahead|freigabe|freigegeben|genehmig\w*|zustimmung|approuv\w*|approbation|accord|"
    r"aprob\w*|visto bueno|aprov\w*)\b|审批|批准",
    re.IGNORECASE,
)


def wait_before(words: Words, clause: Clause, has_steps: bool) -> Step | None:
    """The step that a "once …" or "after …" clause adds, or None if it only refers to steps already read."""
    text = clause.span.of(words.text)
    slots = words.slots_in(clause.span)
    names = {slot.name for slot in slots}
    frame = Frame(replace(clause, kind="main", verb=None))
    if "dag_id" in names or (
        _OTHER_DAG.search(text) and any(slot.name in ("name", "identifier", "task_id") for slot in slots)
    ):
        return replace(read_step(words, frame, action="wait_for"), lemma="wait for", source="", target="airflow")
    placed = any(slot.kind in ("uri", "path", "file", "glob") or slot.name in ("uri", "path") for slot in slots)
    if (placed or _FILE.search(text)) and _ARRIVES.search(text):
        step = read_step(words, frame, action="wait_for")
        if step.slots or step.services or not has_steps:
            return replace(step, lemma="wait for")
        return None
    if _APPROVED.search(text) and names <= {"channel", "recipients"}:
        return replace(read_step(words, frame, action="approve"), lemma="approve")
    uses = words.services_in(clause.span)
    if uses and _RUNS.search(text) and (slots or not has_steps):
        action = "query" if names & {"sql", "procedure"} else "trigger"
        return replace(read_step(words, frame, action="query" if action == "query" else "trigger"), lemma="run")
    return None


_NOT_SO = re.compile(
    r"\b(?:not|n't|no|never|reject\w*|declin\w*|refus\w*|denied|nicht|keine?|abgelehnt|refus[ée]e?|pas|rechaz\w*|não|recus\w*)\b|n't\b",
    re.IGNORECASE,
)


def somebody_agrees(words: Words, clause: Clause) -> bool:
    """Whether a clause only says that a person agrees ("only when a manager has signed off")."""
    text = clause.span.of(words.text)
    found = {slot.name for slot in words.slots_in(clause.span)} <= {"channel", "recipients"}
    return found and len(text.split()) <= 10 and _APPROVED.search(text) is not None and _NOT_SO.search(text) is None


_WORKS = frozenset({"extract", "load", "copy", "query", "transform", "trigger", "delete", "train"})


def work_in(words: Words, clause: Clause, steps: list[Step]) -> Step | None:
    """The step that "after fetching … from X" or "before X is refreshed" speaks of, if no step read so far is it."""
    verb = clause.verb
    if verb is None or verb.action not in _WORKS or verb.form == "third":
        return None
    if clause.kind == "temporal" and verb.form == "past" and not _SUBJECT_NAMED.search(clause.span.of(words.text)):
        return None
    slots = [slot for slot in words.slots_in(clause.span) if slot.name not in ("link", "identifier")]
    named = {use.service for use in words.services_in(clause.span)}
    if not slots and not (named and clause.kind == "before"):
        return None
    known = {item.slot.value for step in steps for item in step.slots}
    if (slots and all(slot.value in known for slot in slots)) or (
        not slots and any(named & set(step.services) for step in steps)
    ):
        return None
    return read_step(words, Frame(replace(clause, kind="main")))


# "after having saved the base with …": what was done is said in the same clause.
_SUBJECT_NAMED = re.compile(r"^\s*(?:having|avoir|haber|ter)\b", re.IGNORECASE)


def asked_in(words: Words, clause: Clause, steps: list[Step]) -> Step | None:
    """The query that a condition holds ("if `select …` in Postgres returns rows"), if no step runs it already."""
    stated = {slot.value for slot in words.slots_in(clause.span) if slot.name in ("sql", "procedure")}
    known = {item.slot.value for step in steps for item in step.slots}
    if not stated or stated & known:
        return None
    return replace(read_step(words, Frame(replace(clause, kind="main", verb=None)), action="query"), lemma="query")


# "the row count of orders in MySQL": a plain word that is counted somewhere is a table there.
_COUNTED = re.compile(
    r"\b(?:count|number|rows|total)s?\s+(?:of\s+(?:rows\s+(?:of|in)\s+)?|in\s+)(?:the\s+)?(?P<t>(?!rows\b|the\b|table\b|all\b)[a-z_]\w+)\s+(?:in|on|from)\s+(?:the\s+)?$",
    re.IGNORECASE,
)


def _counted(words: Words, clause: Clause, use: ServiceUse) -> Slot | None:
    found = _COUNTED.search(words.text, max(clause.span.start, use.span.start - 80), use.span.start)
    return None if found is None else Slot("table", found.group("t"), Span(*found.span("t")), True)


def compared_sides(words: Words, clause: Clause) -> tuple[Step, ...]:
    """The two reads that a comparison needs ("between postgres `a.b` and mssql `c.d`")."""
    text = clause.span.of(words.text)
    uses = words.services_in(clause.span)
    plain = {use.service: found for use in uses[:2] if (found := _counted(words, clause, use)) is not None}
    tables = [slot for slot in words.slots_in(clause.span) if slot.name in ("table", "name", "collection", "index")]
    tables += plain.values()
    if (
        len(uses) < 2
        or len(tables) < 2
        or not re.search(
            r"\b(?:reconcil\w*|compar\w*|differ\w*|mismatch\w*|equal|match\w*|count\w*|vergleich\w*)\b", text, re.I
        )
    ):
        return ()
    frame = Frame(replace(clause, kind="main", verb=None))
    whole = read_step(words, frame, action="query")
    sides = []
    for use in uses[:2]:
        owned = tuple(item for item in whole.slots if item.service == use.service)
        if use.service in plain and not any(item.slot.name == "table" for item in owned):
            owned = (*owned, OwnedSlot(plain[use.service], use.service))
        sides.append(
            replace(
                whole,
                action="query",
                lemma="count",
                source="",
                target=use.service,
                tool="",
                slots=owned,
                words=f"count rows {' '.join(item.slot.value for item in owned)}",
            )
        )
    return tuple(sides)
