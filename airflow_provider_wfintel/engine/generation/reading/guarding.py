"""Guards in the flow: where a condition stands, and the step that a short phrase refers to."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from airflow_provider_wfintel.engine.generation.reading.actions import action_of
from airflow_provider_wfintel.engine.generation.reading.clauses import Clause
from airflow_provider_wfintel.engine.generation.reading.conditions import (
    Guard,
    alert_event,
    is_consequence_nothing,
    read_guard,
)
from airflow_provider_wfintel.engine.generation.reading.frames import Frame
from airflow_provider_wfintel.engine.generation.reading.inherit import only_database
from airflow_provider_wfintel.engine.generation.reading.line import Line
from airflow_provider_wfintel.engine.generation.reading.waits import asked_in, compared_sides, somebody_agrees
from airflow_provider_wfintel.engine.model import Span

__all__ = [
    "before_target",
    "chain_alternatives",
    "guard_of",
    "guard_only",
    "is_alternative",
    "named_step",
    "otherwise",
    "says_nothing_more",
    "says_otherwise",
    "says_well",
    "third_way",
]


# A run that stops: what comes after it in the text is what is left out.
_STOPS = re.compile(
    r"^\W*(?:stop|end|exit|abort|bail out|quit|finish|beende|stopp|arrêter|parar|detener|terminar)\b[^a-z]*(?:there|here|the (?:run|dag|pipeline|job))?\W*$",
    re.IGNORECASE,
)


def guard_only(line: Line, frame: Frame, plain: str, following: Frame | None) -> bool:
    """A clause that only says what is to be left out, and when."""
    clause = frame.main
    text = clause.span.of(line.words.text)
    if clause.verb is None or not (clause.verb.action == "branch" or is_consequence_nothing(clause.verb.lemma)):
        return False
    ground = frame.conditions or frame.temporals
    ground_words = " ".join(item.span.of(line.words.text) for item in ground) or text
    if (
        not ground
        and line.steps
        and re.search(
            r"holiday|feiertag|férié|festivo|feriado",
            line.words.text[max(0, clause.span.start - 90) : clause.span.end],
            re.I,
        )
    ):
        ground_words = line.words.text[max(0, clause.span.start - 90) : clause.span.end]
    guard = read_guard(ground_words, ground[0].span if ground else clause.span, leaves_out=True)
    answered = _answer(line, ground_words, guard.span) if ground else None
    if answered is not None and answered.kind in ("equals", "threshold", "not_empty"):
        # "skip the rest if not": what follows runs where the answer is the other one.
        guard = replace(answered, positive=not answered.positive)
    if guard.kind == "custom" and not ground:
        return False
    if (
        following is not None
        and _STOPS.match(text)
        and guard.kind != "holiday"
        and action_of(line.words, following.main)[0] not in ("none", "branch")
    ):
        line.pending_guard = guard
        return True
    _place_guard(line, guard, plain)
    return True


def _place_guard(line: Line, guard: Guard, plain: str) -> None:
    """Set the guard before the step that the clause names ("skip the load"), else after the first step."""
    if not line.steps:
        line.pending_guard = guard
        return
    if any(step.guard is not None and step.guard.kind == guard.kind for step in line.steps):
        return
    if guard.kind == "holiday":
        guard = _with_calendar(line, guard)
        line.steps[0] = replace(line.steps[0], guard=line.steps[0].guard or guard)
        return
    target = named_step(line, plain)
    if target is None or target == 0:
        target = 1 if len(line.steps) > 1 else None
    if target is None:
        line.pending_guard = guard
        return
    line.steps[target] = replace(line.steps[target], guard=guard)


def _with_calendar(line: Line, guard: Guard) -> Guard:
    """The guard with the table of days off, if the words name one."""
    if line.holiday is None:
        return guard
    services = [service for step in line.steps for service in step.services if step.values("table")]
    own = line.holiday.services or tuple(services[-1:])
    return replace(guard, slots=tuple(item.slot for item in line.holiday.slots), service=own[0] if own else "")


def named_step(line: Line, plain: str) -> int | None:
    """The latest step that a phrase like "the load", "the report" or "dropping" refers to."""
    found = {word[:5] for word in re.findall(r"[^\W\d_]{3,}", plain.lower())} - {
        "skip",
        "skipp",
        "the",
        "when",
        "there",
        "rows",
        "files",
    }
    for index in range(len(line.steps) - 1, -1, -1):
        step = line.steps[index]
        if step.lemma and any(word[:4] == step.lemma.lower()[:4] for word in found):
            return index
        if any(word[:4] == step.action[:4] for word in found):
            return index
    for index in range(len(line.steps) - 1, -1, -1):
        own = {word[:5] for word in re.findall(r"[^\W\d_]{4,}", line.steps[index].words.lower())}
        if found & own:
            return index
    return None


# "wenn der Job fertig ist": an order, not a condition.
_COMPLETED = re.compile(
    r"\b(?:finished|is done|are done|completes?|completed|fertig|abgeschlossen|beendet|terminée?s?|terminad[oa]s?|terminen?|acab\w+|conclu[ií]d[oa]s?)\b",
    re.IGNORECASE,
)
# "Sind alle kopiert, wird …": what has been done comes before what is done next.
_PARTICIPLE = re.compile(
    r"^(?:Ist|Sind|Wurden?)\b.*\b(?:\w*ge\w+(?:t|en)|\w+iert|durch|erledigt|übertragen|verarbeitet)\W*$", re.IGNORECASE
)
_ELSE = re.compile(
    r"^\W*(?:else|otherwise|if not|sonst|andernfalls|sinon|autrement|si no|de lo contrario|en otro caso|senão|caso contrário|否则|in\s+(?:all|any|every)\s+other\s+cases?|in\s+allen\s+anderen\s+fällen|dans\s+(?:tous\s+les\s+autres|les\s+autres)\s+cas|en\s+(?:los\s+demás|cualquier\s+otro)\s+casos?|nos\s+demais\s+casos)\b",
    re.IGNORECASE,
)
_ELSE_ANYWHERE = re.compile(
    r"\b(?:else|otherwise|if not|sonst|andernfalls|sinon|autrement|si no|de lo contrario|senão|caso contrário)\b",
    re.IGNORECASE,
)
_LEAVE_OUT_BEFORE = re.compile(
    r"\b(?:skip|except|not on|leave out|without|überspring\w*|sauf|excepto|exceto)\b", re.IGNORECASE
)


def says_otherwise(line: Line, frame: Frame) -> bool:
    """Whether a clause opens with "otherwise", "else" or the like."""
    if line.other_way is not None and line.other_way[0] == frame.main.chunk:
        return False
    if any(_NO.fullmatch(clause.span.of(line.words.text)) for clause in frame.conditions):
        return _last_guard(line) is not None  # "if not, …"
    start = max(0, frame.main.span.start - 24)
    lead = line.words.text[start : frame.main.span.start]
    opening = re.split(r"[.;:,\n(]", lead)[-1] + line.words.text[frame.main.span.start : frame.main.span.start + 30]
    return bool(_ELSE.match(opening))


def otherwise(line: Line, frame: Frame) -> Guard | None:
    """The guard of an "otherwise" clause: the opposite of the last one."""
    last = _last_guard(line)
    if line.pending_guard is not None or last is None:
        return None
    if not (says_otherwise(line, frame) or line.stopped or _is_opposite(line, frame, last)):
        return None
    line.stopped = False
    return replace(last, positive=not last.positive, otherwise=True)


def _is_opposite(line: Line, frame: Frame, last: Guard) -> bool:
    """Whether a condition is the other way of the one before it ("when they differ, …; when they match, …")."""
    if last.kind not in ("differs", "not_empty") or last.otherwise or last.else_of or len(frame.conditions) != 1:
        return False
    span = frame.conditions[0].span
    if line.words.slots_in(span) or line.words.services_in(span) or alert_event(line.words.plain(span)):
        return False
    guard = read_guard(span.of(line.words.text), span, leaves_out=frame.conditions[0].opening == "unless")
    return guard.kind == last.kind and guard.positive != last.positive


def _last_guard(line: Line) -> Guard | None:
    return next((step.guard for step in reversed(line.steps) if step.guard is not None), None)


def says_nothing_more(line: Line, frame: Frame) -> bool:
    """Whether a clause only says what guards do anyway: "otherwise skip", "and stop" after what a condition asks for.

    After "and stop" the work that follows is the other way.
    """
    text = frame.main.span.of(line.words.text)
    last = line.steps[-1] if line.steps else None
    if last is None or _last_guard(line) is None or frame.conditions:
        return False
    if _ELSE_ANYWHERE.search(text) and is_consequence_nothing(text) and len(text.split()) < 8:
        return True
    beside = last.guard is not None and last.clause is not None and last.clause.chunk == frame.main.chunk
    if beside and _STOPS.match(text):
        line.stopped = True
        return True
    return False


def third_way(line: Line, frame: Frame) -> bool:
    """Whether a clause is one more "otherwise" after the one that was read."""
    last = _last_guard(line)
    return last is not None and last.otherwise and says_otherwise(line, frame)


def is_alternative(line: Line, guard: Guard | None) -> bool:
    """Whether a condition asks about the same thing again ("if it is 'a', …; if it is 'b', …")."""
    twin = next((step for step in reversed(line.steps) if step.guard is not None), None)
    if guard is None or twin is None or twin.guard is None or twin.guard.kind in ("holiday", "differs"):
        return False
    last = line.steps[-1]
    if last is not twin and (last.clause is None or twin.clause is None or last.clause.chunk != twin.clause.chunk):
        return False
    ours, theirs = guard.words.lower(), twin.guard.words.lower()
    if guard.kind in ("holiday", "differs") or ours == theirs or twin.guard.otherwise:
        return False
    if (
        {guard.kind, twin.guard.kind} <= {"threshold", "equals", "not_empty"}
        and _BARE.match(ours)
        and _BARE.match(theirs)
    ):
        return True
    one_word = len(ours.split()) == len(theirs.split()) == 1
    return one_word or _IT.match(ours) is not None or ours.split()[:2] == theirs.split()[:2]


# "above 0.9": asked of the value that was asked about before.
_BARE = re.compile(
    r"\W*(?:(?:is|are)\s+)?(?:(?:more|less|fewer|greater|higher|lower)\s+than|at\s+(?:least|most)|above|below|over|under|exactly|equal|[<>=!]|not\s+empty|empty|no\s|any\s|[`'\"])"
)
_IT = re.compile(r"\W*(?:it|they|er|sie|es|il|elle|ils|está|é|es)\b", re.IGNORECASE)


def chain_alternatives(line: Line) -> None:
    """Make conditions that stand side by side exclude each other: the "otherwise" after them is none of them."""
    twins = [index for index, step in enumerate(line.steps) if step.guard is not None]
    if len(twins) < 2 or any(step.guard is not None and step.guard.otherwise for step in line.steps):
        return
    last = line.upstream[twins[-1]]
    for before, index in pairwise(index for index in twins if line.upstream[index] == last):
        first, second = line.steps[before].guard, line.steps[index].guard
        if first is not None and second is not None and first.span != second.span:
            line.steps[index] = replace(line.steps[index], guard=replace(second, else_of=first.span))


def _is_completed(condition: Clause, text: str) -> bool:
    """Whether a condition only speaks of work that is over: an order."""
    if _COMPLETED.search(text):
        return True
    return not condition.opening and _PARTICIPLE.search(text) is not None


def guard_of(line: Line, frame: Frame) -> Guard | None:
    """The guard that the conditions of a frame ask for, with the reads that a comparison needs."""
    for condition in frame.conditions:
        text = condition.span.of(line.words.text)
        plain = line.words.plain(condition.span)
        if somebody_agrees(line.words, condition):
            continue
        if alert_event(plain) or _is_completed(condition, text) or _passed(line, text) or _WENT_WELL.fullmatch(plain):
            continue
        answer = _answer(line, text, condition.span)
        if answer is not None:
            return answer
        sides = compared_sides(line.words, condition)
        if sides:
            first = line.add(sides[0])
            for side in sides[1:]:
                line.add(side, parallel=True, key=line.group_key)
            line.make_siblings(list(range(first, len(line.steps))))
        asked = asked_in(line.words, condition, line.steps)
        if asked is not None:
            line.add(only_database(line.words, asked))
        leaves_out = condition.opening in ("unless",)
        return _of_table(line, read_guard(text, condition.span, leaves_out=leaves_out))
    for temporal in frame.temporals:
        said = temporal.span.of(line.words.text)
        if (
            line.steps
            and _IT_SAYS.match(said)
            and (guard := read_guard(said, temporal.span, leaves_out=False)).kind == "equals"
        ):
            return guard
    heading = frame.main.heading.of(line.words.text) if frame.main.heading is not None else ""
    if heading and _LEAVE_OUT_BEFORE.search(heading):
        found = read_guard(heading, frame.main.heading or frame.main.span, leaves_out=True)
        return found if found.kind == "holiday" else None
    return None


def _of_table(line: Line, guard: Guard) -> Guard:
    """The guard with the table and the service that its own words name."""
    tables = tuple(slot for slot in line.words.slots_in(guard.span) if slot.name == "table")
    services = line.words.services_in(guard.span)
    if guard.kind not in ("not_empty", "threshold") or len(tables) != 1 or len(services) != 1:
        return guard
    return replace(guard, slots=tables, service=services[0].service)


# "if successful", "if that works": what comes next runs only then anyway.
_WENT_WELL = re.compile(
    r"\W*(?:(?:it|this|that|all|both|everything|(?:the|this|that|each|every)\s+(?:\w+\s+){0,2}\w+)\s+)?(?:(?:is|are|was|were|has|have|did|went|goes|runs?|ran)\s+)?(?:been\s+)?"
    r"(?:success(?:ful|fully)?|succe(?:ed(?:s|ed)?|ss)|ok(?:ay)?|fine|well|works?|worked|through|erfolgreich|réussi\w*|correct[oa]?)\W*",
    re.IGNORECASE,
)
# "when it says "ready", download …": what the step before gave decides.
_IT_SAYS = re.compile(
    r"\W*(?:it|that|this|the\s+(?:answer|status|result|response))\s+(?:says|is|returns|reads|shows|equals|becomes|gives)\b",
    re.IGNORECASE,
)
_PASSES = re.compile(
    r"\b(?:pass(?:es|ed)?|valid|green|clean|ok|okay|bestanden|besteht|réussi\w*|válid[oa]s?|passou|passar)\b",
    re.IGNORECASE,
)
# Of work that is started: it is "green" or it "passes" when it succeeded.
_GREEN = re.compile(r"\b(?:pass(?:es|ed)?|green|besteht|bestanden)\b", re.IGNORECASE)
_YES = re.compile(r"\W*(?:so|yes|ja|oui|s[ií]|sim|it (?:does|has)|there (?:are|is)|是|有)\W*", re.IGNORECASE)
_NO = re.compile(r"\W*(?:not|no|none|nein|nicht|non|não|否|没有)\W*", re.IGNORECASE)


def _passed(line: Line, text: str) -> bool:
    """Whether a condition says of a check that was just read that it passes: a check that fails ends the run anyway."""
    if not line.steps or len(text.split()) >= 6 or not _PASSES.search(text):
        return False
    # dbt fails the run if a test does.
    last = line.steps[-1]
    if line.bad_end or (last.action in ("trigger", "query", "transform") and _GREEN.search(text)):
        return True
    return last.action == "check" or ("dbt" in last.services and re.search(r"\btests?\b", last.words) is not None)


def says_well(line: Line, clause: Clause) -> bool:
    """Whether a condition says no more than that what came before ended well, or that a person agreed."""
    text, plain = clause.span.of(line.words.text), line.words.plain(clause.span)
    well = _WENT_WELL.fullmatch(plain) or (len(text.split()) < 6 and _PASSES.search(text) and not _NEGATED.search(text))
    return bool(well) or somebody_agrees(line.words, clause)


_NEGATED = re.compile(r"\b(?:not|no|never|nicht|pas|non|não)\b|n't\b", re.IGNORECASE)


def _answer(line: Line, text: str, span: Span) -> Guard | None:
    """Of "check whether the table has rows. If so, …": the guard on what was asked for last."""
    if not line.steps or line.steps[-1].action not in ("check", "query", "extract"):
        return None
    if not (_YES.fullmatch(text) or _NO.fullmatch(text)):
        return None
    asked = read_guard(line.steps[-1].words, span, leaves_out=False)
    if asked.kind == "equals":
        return replace(asked, positive=(_YES.fullmatch(text) is not None) == asked.positive)
    if asked.kind == "threshold" and line.steps[-1].action in ("check", "query"):
        return replace(asked, positive=_YES.fullmatch(text) is not None)
    return Guard("not_empty", text, span, positive=_YES.fullmatch(text) is not None)


def before_target(line: Line, frame: Frame) -> int | None:
    """The step that a "before …" clause refers to, if it was read already."""
    for clause in frame.befores:
        plain = line.words.plain(clause.span)
        target = named_step(line, plain)
        if target is None:
            target = _step_done_so(line, plain)
        if target is not None:
            return target
    return None


# "before it's sent", "before mailing it": what is done to the thing says which step is meant.
_DONE_SO: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (
        re.compile(
            r"\b(?:sen[dt]\w*|mail\w*|e-?mail\w*|post\w*|publish\w*|announc\w*|deliver\w*|distribut\w*|notif\w*|tell\w*|goes\s+out|going\s+out|"
            r"(?:ver|ge)?sendet|verschick\w*|gemailt|envoy\w*|env[ií]\w*|enviad\w*)\b",
            re.IGNORECASE,
        ),
        ("notify",),
    ),
    (
        re.compile(r"\b(?:delet\w*|remov\w*|drop\w*|purg\w*|wip\w*|gelöscht|supprim\w*|borr\w*|apag\w*)\b", re.IGNORECASE),
        ("delete",),
    ),
    (
        re.compile(r"\b(?:load\w*|writ\w*|stor\w*|upload\w*|cop(?:y|ied|ying)|moved?|moving|import\w*|insert\w*)\b", re.IGNORECASE),
        ("load", "copy"),
    ),
    (
        re.compile(r"\b(?:r[au]n\w*|start\w*|execut\w*|trigger\w*|launch\w*|deploy\w*|releas\w*)\b", re.IGNORECASE),
        ("trigger", "query", "transform"),
    ),
)  # fmt: skip
_PRONOUN_ONLY = re.compile(r"\b(?:it|they|them|this|that|er|sie|es|il|elle|ils|lo|la|los)\b", re.IGNORECASE)


def _step_done_so(line: Line, plain: str) -> int | None:
    """The latest step that does what a phrase without a noun speaks of ("it is sent", "posting")."""
    for pattern, actions in _DONE_SO:
        if pattern.search(plain):
            found = [index for index, step in enumerate(line.steps) if step.action in actions]
            if found:
                return found[-1]
    # "before it goes live": the work just spoken of.
    return len(line.steps) - 1 if line.steps and _PRONOUN_ONLY.search(plain) else None
