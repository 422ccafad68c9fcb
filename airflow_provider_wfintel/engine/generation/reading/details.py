"""Details: clauses without a verb that only add values, services or an arrow to what was said."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.reading.alerts import CHANNELS
from airflow_provider_wfintel.engine.generation.reading.clauses import Clause
from airflow_provider_wfintel.engine.generation.reading.frames import Frame
from airflow_provider_wfintel.engine.generation.reading.guarding import named_step
from airflow_provider_wfintel.engine.generation.reading.line import Line
from airflow_provider_wfintel.engine.generation.reading.spread import spread_over_chain
from airflow_provider_wfintel.engine.generation.reading.steps import (
    OwnedSlot,
    Step,
    read_step,
    split_objects,
)
from airflow_provider_wfintel.engine.model import Span

__all__ = ["detail", "is_detail", "joined_by_arrow", "leaves_result", "logs_in", "says_where"]

_HOLIDAY_WORD = re.compile(r"holiday|feiertag|férié|festivo|feriado|节假日", re.IGNORECASE)


# "results go to s3://…": where a query leaves its own result.
_RESULTS = re.compile(
    r"\W*(?:(?:and|with|put|write|store|keep|save)\s+)*(?:(?:the|its|query|athena)\s+)*(?:results?|output)\s*(?:(?:location|go(?:es)?|are|is|should|must|will|be|lands?|written|stored|saved|kept|sent)\b\s*)*"
    r"(?:in(?:to)?|to|under|at|:)?\s*[`'\"]?s3a?://[^\s]+\W*",
    re.IGNORECASE,
)
_QUERY_JOBS = frozenset({"amazon_athena"})


def leaves_result(line: Line, frame: Frame) -> bool:
    """Whether a clause only says where the query before it leaves its result; that place is given to it."""
    last = line.steps[-1] if line.steps else None
    if last is None or not _QUERY_JOBS & set(last.services) or last.values("uri"):
        return False
    clause = frame.main
    if not _RESULTS.fullmatch(clause.span.of(line.words.text)):
        return False
    found = [slot for slot in line.words.slots_in(clause.span) if slot.name == "uri"]
    service = next(iter(_QUERY_JOBS & set(last.services)))
    slots = (*last.slots, *(OwnedSlot(slot, service) for slot in found))
    line.steps[-1] = replace(last, slots=slots, spans=(*last.spans, clause.span))
    return bool(found)


# A heading that is the name of a task ("pull_orders", "step B") introduces a task of its own.
_OWN_NAME = re.compile(r"^\W*(?:[a-z][a-z0-9]*(?:_[a-z0-9]+)+|(?:step|task)\s?\w{1,2})\W*$", re.IGNORECASE)


def named_piece(line: Line, clause: Clause) -> bool:
    """Whether a heading gives the clause a task name, so that it is no remark on what was said before."""
    return clause.heading is not None and bool(_OWN_NAME.match(clause.heading.of(line.words.text)))


def is_detail(line: Line, clause: Clause) -> bool:
    """Whether a verbless clause only adds values to what was said ("redis host cache-1 db 3")."""
    if clause.link in ("arrow", "then") or not line.steps:
        return False
    if named_piece(line, clause):
        return False
    last = line.steps[-1].clause
    if clause.item and last is not None and last.item not in (0, clause.item) and _holds_work(line, clause):
        return False
    known = {service for step in line.steps for service in step.services}
    uses = line.words.services_in(clause.span)
    return all(use.service in known for use in uses)


def _holds_work(line: Line, clause: Clause) -> bool:
    """Whether an item of a list holds a statement or a command: that is work of its own, verb or none."""
    slots = line.words.slots_in(clause.span)
    return any(slot.name in ("sql", "procedure", "sql_file", "command") for slot in slots)


def detail(line: Line, frame: Frame, following: Frame | None) -> None:
    """Add what a detail says to the steps already read, or start one if it is the left side of an arrow."""
    words, clause = line.words, frame.main
    step = read_step(words, frame)
    if (
        clause.link == "arrow"
        and step.services
        and line.steps
        and line.steps[-1].action == "copy"
        and line.steps[-1].target
    ):
        line.add(_next_by_arrow(line.steps[-1], step), said=True)
        return
    if clause.link == "arrow" and line.steps and step.services and line.steps[-1].action in ("none", "copy", "extract"):
        line.steps[-1] = joined_by_arrow(line.steps[-1], step)
        return
    if following is not None and following.main.link == "arrow" and (step.services or step.slots):
        line.add(replace(step, action="extract", source=step.source or step.target, target=""))
        line.arrow_left = True
        return
    if step.services and named_piece(line, clause):
        line.add(_default_action(step))
        return
    if _HOLIDAY_WORD.search(step.words) and step.slots:
        line.holiday = step
        return
    if _adds_work(line, clause, step):
        return
    if line.steps and (step.slots or step.services):
        _merge_detail(line, step)
        return
    if step.services and not all(item.slot.kind == "link" for item in step.slots if step.slots):
        for number, piece in enumerate(split_objects(words, frame, _default_action(step))):
            line.add(piece, parallel=number > 0, key=(clause.chunk, clause.item))
        return
    if step.slots and not line.steps:
        line.add(replace(step, action="transform"))
        return
    line.unused.append(clause.span)


_LOGS_IN = re.compile(r"\W*ssh\s+(?:in)?to\s", re.IGNORECASE)


def logs_in(line: Line, frame: Frame, following: Frame | None) -> bool:
    """Of "ssh into host a and run …": where the work that follows is done."""
    clause = frame.main
    near = following is not None and following.main.chunk == clause.chunk
    if not near or clause.verb is not None or not _LOGS_IN.match(clause.span.of(line.words.text)):
        return False
    line.pending_source = "ssh"
    for slot in line.words.slots_in(clause.span):
        if slot.name == "connection":
            line.connections["ssh"] = slot
    line.heeded.append(clause.span)
    return True


_KIND_OF_WORK = re.compile(
    r"^(?:the\s+)?(?:(?:databricks|glue|sql|python|shell|bash|spark|dbt|stored)\s+)?(?:notebook|script|job|file|query|statement|procedure|command|function|workflow|program)\s+",
    re.IGNORECASE,
)


def _same_again(line: Line, clause: Clause, step: Step) -> Step | None:
    """Of "run `a.sh`, then `b.sh`": the same work with the next value, if the clause is nothing but that value."""
    last = line.steps[-1] if line.steps else None
    if clause.link != "then" or last is None or len(step.slots) != 1 or step.services:
        return None
    value = step.slots[0].slot
    said = _KIND_OF_WORK.sub("", clause.span.of(line.words.text).strip(" .,;`'\"")).strip("`'\"")
    if said != value.value.strip() or last.action not in ("trigger", "query", "transform"):
        return None
    same = [item for item in last.slots if value.name == item.slot.name] or [
        item for item in last.slots if value.kind and value.kind == item.slot.kind
    ]
    if len(same) != 1:
        return None
    new = replace(same[0], slot=replace(value, name=same[0].slot.name))
    slots = tuple(new if item is same[0] else item for item in last.slots)
    return replace(
        last, slots=slots, words=f"{last.lemma} {said}", spans=(clause.span,), clause=clause, guard=None, foreach=None
    )


_STARTED = frozenset(
    {"job", "crawler", "notebook", "pipeline", "procedure", "script", "sql_file", "dag_id", "function", "state_machine", "workflow", "connection", "model", "job_id", "task_id", "command", "image"}
)  # fmt: skip


def _next_thing(line: Line, clause: Clause, step: Step) -> Step | None:
    """Of "run the Glue job a and then the Glue crawler b": the verb is said once, the second thing is started too."""
    last = line.steps[-1] if line.steps else None
    if clause.link != "then" or last is None or last.action not in ("trigger", "query", "transform"):
        return None
    things = [item for item in step.slots if item.slot.name in _STARTED]
    known = {item.slot.value for earlier in line.steps for item in earlier.slots}
    if len(things) != 1 or things[0].slot.value in known or not (step.services or last.services):
        return None
    own = step if step.services else replace(step, source=last.source, target=last.target)
    said = clause.span.of(line.words.text)
    placed = replace(own, action=last.action, lemma=last.lemma, words=f"{last.lemma} {said}")
    return (
        placed
        if last.source or not placed.source
        else replace(placed, target=placed.target or placed.source, source="")
    )


def _adds_work(line: Line, clause: Clause, step: Step) -> bool:
    """Whether a clause without a verb names more work, which is added: the same again, or the next thing."""
    again = _same_again(line, clause, step) or _next_thing(line, clause, step)
    same = _same_verb(line, clause, step) if again is None else None
    if again is not None:
        line.add(again, said=True)
    elif same is not None:
        line.group_key = line.group_key or (clause.chunk, clause.item)
        line.add(same, parallel=True, key=line.group_key)
    elif _is_next_work(line, clause, step):
        line.add(_default_action(step), said=True)
    else:
        return False
    return True


_RELATIVE = re.compile(r"\b(?:that|which|who|with|without|fail\w*|invalid|rejected|bad)\b", re.IGNORECASE)


def says_where(line: Line, clause: Clause) -> bool:
    """Whether a clause only says where the result of a step goes that was read ("the archive goes to gs://…")."""
    verb = clause.verb
    if verb is None or verb.lemma != "go to" or not line.steps:
        return False
    subject = line.words.plain(Span(clause.span.start, verb.span.start))
    return _RELATIVE.search(subject) is None and named_step(line, subject) is not None


# Behind "then" these say how the work goes on, not what is done.
_HOW = re.compile(
    r"^\W*(?:with|via|using|through|by|in|on|at|from|to|into|for|only|every|mit|avec|con|com)\b", re.IGNORECASE
)
_SETTINGS = frozenset({"connection", "link", "identifier", "warehouse", "role", "region", "project"})


_SEMICOLON = re.compile(r"\s*;\s*(?:and\s+)?")
_PARTED = frozenset({"delete", "check", "trigger", "query", "extract", "train", "copy"})


def _same_verb(line: Line, clause: Clause, step: Step) -> Step | None:
    """Of "Purge: the table a.b in X; the keys k in Y; the index i in Z": the verb is said once, for all of them."""
    last = line.steps[-1] if line.steps else None
    if last is None or last.clause is None or last.action not in _PARTED or not step.services:
        return None
    between = line.words.text[last.clause.span.end : clause.span.start]
    if _SEMICOLON.fullmatch(between) is None or set(step.services) & set(last.services):
        return None
    place = step.target or step.source
    if last.action == "copy" and not (step.source and step.target):
        return None
    own = step if last.action == "copy" else replace(step, source="", target=place)
    return replace(own, action=last.action, lemma=last.lemma, words=f"{last.lemma} {step.words}")


def _is_next_work(line: Line, clause: Clause, step: Step) -> bool:
    """Whether a clause without a verb names the next thing to do ("then the Glue crawler a", "next a Soda scan of b.yml").

    It is said to come next, or it is an item of a list of its own, and it names a service that no step before it has.
    """
    if not line.steps or _HOW.match(step.words) or not any(item.slot.name not in _SETTINGS for item in step.slots):
        return False
    last = line.steps[-1].clause
    listed = clause.item > 0 and last is not None and last.item not in (0, clause.item)
    known = {service for earlier in line.steps for service in earlier.services}
    new = [service for service in step.services if service not in known]
    return bool(new) and (clause.link == "then" or listed)


def _next_by_arrow(left: Step, right: Step) -> Step:
    """The next hop of a chain of arrows: from where the last one went to."""
    kept = tuple(item for item in left.slots if item.service == left.target)
    place = right.target or right.source
    if place in CHANNELS:
        return replace(right, action="notify", lemma="notify", source="", target=place)
    own = replace(right, action="copy", lemma="copy", source=left.target, target=place)
    return replace(own, slots=(*kept, *right.slots))


def joined_by_arrow(left: Step, right: Step) -> Step:
    """One step from both sides of an arrow: data goes from the left to the right."""
    source = left.source or left.target
    slots = tuple(replace(item, service=item.service or source) for item in left.slots)
    action = "copy" if right.services or right.action in ("none", "copy") else right.action
    return replace(
        left,
        action=action,
        source=source,
        target=right.target or right.source,
        slots=(*slots, *right.slots),
        words=f"{left.words} → {right.words}",
        spans=(*left.spans, *right.spans),
        lemma=left.lemma or right.lemma or "copy",
    )


# An address in a remark is no place to read from.
def _without_address(detail: Step) -> Step:
    source = "" if detail.source == "http" else detail.source
    return replace(detail, source=source, target="" if detail.target == "http" else detail.target)


def _step_of(line: Line, detail: Step) -> int:
    """The step a detail speaks of: the one whose verb it repeats, else one with the same service, else the last."""
    found = len(line.steps) - 1
    for position in range(len(line.steps) - 1, -1, -1):
        if set(detail.services) & set(line.steps[position].services):
            found = position
            break
    for position in range(len(line.steps) - 1, -1, -1):
        lemma = line.steps[position].lemma.lower()
        if lemma and re.search(rf"\b{re.escape(lemma)}", detail.words.lower()):
            return position
    return found


def _merge_detail(line: Line, detail: Step) -> None:
    """Add the values and services of a detail to the step it speaks of."""
    if spread_over_chain(line, detail):
        return
    index = _step_of(line, detail)
    step = line.steps[index]
    if detail.slots and all(item.slot.name in _OF_ALL for item in detail.slots):
        _share(line, index, detail)
        return
    if step.values("command") and set(detail.services) <= {"http"}:
        return
    merged = replace(step, slots=(*step.slots, *detail.slots), spans=(*step.spans, *detail.spans))
    if not step.services and detail.source and detail.target:
        action = "copy" if step.action == "trigger" else step.action
        line.steps[index] = replace(merged, action=action, source=detail.source, target=detail.target)
    elif _BY_MEANS.match(detail.words) or _names_tool(line, detail):
        line.steps[index] = replace(merged, tool=step.tool or detail.target or detail.source)
    else:
        line.steps[index] = _with_services(merged, _without_address(detail) if step.services else detail)


# "Use warehouse LOAD_WH.": a setting of the service, for all that is done with it.
_OF_ALL = frozenset({"warehouse", "role", "region", "project"})


def _share(line: Line, index: int, detail: Step) -> None:
    services = set(detail.services) or set(line.steps[index].services)
    for place, step in enumerate(line.steps):
        if place != index and not services & set(step.services):
            continue
        new = tuple(item for item in detail.slots if not step.values(item.slot.name))
        spans = detail.spans if place == index else ()
        line.steps[place] = replace(step, slots=(*step.slots, *new), spans=(*step.spans, *spans))


def _with_services(step: Step, detail: Step) -> Step:
    source, target = step.source, step.target
    if step.action == "copy" and not target and detail.services:
        target = detail.target or detail.source
    new = [service for service in detail.services if service not in step.services]
    for service in new:
        if not target and step.action in ("copy", "load", "notify"):
            target = service
        elif not source:
            source = service
    tool = step.tool or (new[0] if new and new[0] not in (source, target) else "")
    return replace(step, source=source, target=target, tool=tool)


_BY_MEANS = re.compile(r"^\s*(?:with|via|using|through|by means of|mit|avec|con|com|usando)\b", re.IGNORECASE)


def _names_tool(line: Line, detail: Step) -> bool:
    """Whether the words right before the detail's service say that it is the means."""
    if len(detail.services) != 1 or not detail.spans:
        return False
    use = next(iter(line.words.services_in(detail.spans[0])), None)
    before = line.words.text[max(0, use.span.start - 8) : use.span.start] if use is not None else ""
    return bool(re.search(r"\b(?:with|via|using|through)\s+$", before, re.IGNORECASE))


_READ_FROM = re.compile(r"\b(?:from|out\s+of|aus|von|vom|depuis|desde)\b", re.IGNORECASE)


def _default_action(step: Step) -> Step:
    if step.source and step.target:
        return replace(step, action="copy", lemma="copy")
    if step.source and _READ_FROM.search(step.words):
        return replace(step, action="extract", lemma="read")
    return replace(step, action="trigger", lemma="run", target=step.target or step.source, source="")
