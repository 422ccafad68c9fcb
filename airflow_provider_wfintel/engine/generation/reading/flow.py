"""Flow: frames become steps in order, with the edges between them, the alerts and the conditions.

The order of words is the order of work, unless words say otherwise: "in parallel", "when both are done",
"before …", "after …", "… first". `Flow` is what the planner turns into tasks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from airflow_provider_wfintel.engine.generation.reading.alerts import AlertReading, is_alert, read_alert
from airflow_provider_wfintel.engine.generation.reading.clauses import Clause
from airflow_provider_wfintel.engine.generation.reading.conditions import (
    Guard,
    alert_event,
    is_consequence_nothing,
    read_guard,
)
from airflow_provider_wfintel.engine.generation.reading.foreach import list_step, read_foreach, replicate
from airflow_provider_wfintel.engine.generation.reading.frames import Frame, Words
from airflow_provider_wfintel.engine.generation.reading.slots import Slot
from airflow_provider_wfintel.engine.generation.reading.steps import (
    OwnedSlot,
    Step,
    action_of,
    read_step,
    split_objects,
)
from airflow_provider_wfintel.engine.generation.reading.waits import compared_sides, wait_before
from airflow_provider_wfintel.engine.model import Caution, DependencyReason, Question, Span

__all__ = ["Edge", "Flow", "read_flow"]

_PARALLEL = re.compile(
    r"\b(?:in parallel|parallel|at the same time|simultaneously|concurrently|side by side|gleichzeitig|en parallèle|simultanément|en paralelo|al mismo tiempo|"
    r"em paralelo|ao mesmo tempo)\b|同时|并行",
    re.IGNORECASE,
)
_LIMIT = re.compile(r"\b(?:more than|at most|max\w*|up to|höchstens|limit\w*|no more)\b", re.IGNORECASE)
_COUNT = re.compile(r"\b(?:all|both|the)?\s*(?P<n>two|three|four|five|six|both|\d)\b", re.IGNORECASE)
_NUMBERS = {"two": 2, "both": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_FIRST = re.compile(r"\b(?:first|beforehand|vorher|zuerst|d'abord|primero|antes)\b", re.IGNORECASE)
_SCHEDULE_WORDS = re.compile(
    r"^\W*(?:it|this|the|dag|job|pipeline|workflow|should|be|is|must|runs?|running|scheduled?|started?|starts?|triggered|execut\w+|kick(?:ed)?|off|"
    r"need|we|i|a|an|please|want|every|each|daily|job|das|soll|läuft|le|el|corre|etl|process|use case|task|to|at|on|from|of|manually|by|do|run)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Edge:
    """Step `downstream` follows step `upstream` (indices into `Flow.steps`)."""

    upstream: int
    downstream: int
    reason: DependencyReason = "order_of_words"
    evidence: Span | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """All steps with their order, the alerts, and what is open. `details` are clauses that only name values."""

    steps: tuple[Step, ...] = ()
    edges: tuple[Edge, ...] = ()
    alerts: tuple[AlertReading, ...] = ()
    questions: tuple[Question, ...] = ()
    warnings: tuple[Caution, ...] = ()
    unused: tuple[Span, ...] = ()


@dataclass(slots=True)
class _Line:
    """The work line while it is being read: steps so far, their upstream steps, and the open ends."""

    words: Words
    steps: list[Step] = field(default_factory=list)
    upstream: list[set[int]] = field(default_factory=list)
    stated: set[tuple[int, int]] = field(default_factory=set)
    frontier: list[int] = field(default_factory=list)
    group: list[int] = field(default_factory=list)
    group_base: list[int] = field(default_factory=list)
    group_key: tuple[int, int] | None = None
    alerts: list[AlertReading] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    warnings: list[Caution] = field(default_factory=list)
    unused: list[Span] = field(default_factory=list)
    pending_guard: Guard | None = None
    pending_source: str = ""
    arrow_left: bool = False
    swallow: tuple[int, bool] | None = None
    holiday: Step | None = None
    later_services: tuple[frozenset[str], ...] = ()

    def add(self, step: Step, *, parallel: bool = False, key: tuple[int, int] | None = None, said: bool = False) -> int:
        """Append a step after the open ends, or beside the steps of the open parallel group."""
        if self.pending_guard is not None:
            step = replace(step, guard=step.guard or self.pending_guard)
            self.pending_guard = None
        index = len(self.steps)
        self.steps.append(step)
        if parallel and self.group and key == self.group_key:
            self.upstream.append(set(self.group_base))
            self.group.append(index)
            self.frontier = list(self.group)
        else:
            base = list(self.frontier)
            self.upstream.append(set(base))
            self.group, self.group_base, self.group_key = [index], base, key
            self.frontier = [index]
        if said:
            self.stated |= {(up, index) for up in self.upstream[index]}
        return index

    def insert_before(self, step: Step, target: int) -> int:
        """Put a step between `target` and what comes before it."""
        index = len(self.steps)
        self.steps.append(step)
        self.upstream.append(set(self.upstream[target]))
        self.upstream[target] = {index}
        self.stated.add((index, target))
        return index

    def make_siblings(self, members: list[int]) -> None:
        """Take away the order among `members`; all of them follow what the first one followed."""
        base = set(self.upstream[members[0]]) - set(members)
        for member in members:
            self.upstream[member] = set(base)
        self.group, self.group_base = list(members), sorted(base)
        self.frontier = list(members)


def read_flow(words: Words, frames: tuple[Frame, ...]) -> Flow:
    """Read all frames of a text into one flow."""
    frames = tuple(frame for position, frame in enumerate(frames) if not _is_title(words, frames, position))
    line = _Line(words)
    for position, frame in enumerate(frames):
        following = frames[position + 1] if position + 1 < len(frames) else None
        _read_frame(line, frame, following)
    line.steps = [_with_image(words, step) for step in line.steps]
    edges = tuple(
        Edge(up, down, "stated" if (up, down) in line.stated else "order_of_words")
        for down, ups in enumerate(line.upstream)
        for up in sorted(ups)
    )
    return Flow(
        tuple(line.steps), edges, tuple(line.alerts), tuple(line.questions), tuple(line.warnings), tuple(line.unused)
    )


_TITLE_NOUN = re.compile(
    r"\b(?:job|dag|pipeline|workflow|refresh|rebuild|sync|report|etl|use case|ingestion|export|load|update|graph|data quality)\b",
    re.I,
)


def _is_title(words: Words, frames: tuple[Frame, ...], position: int) -> bool:
    """A short first sentence that only names what the rest describes."""
    frame = frames[position]
    clause = frame.main
    if position != 0 or len(frames) < 2 or words.slots_in(clause.span) or frame.conditions or frame.foreach:
        return False
    if frames[1].main.link in ("arrow", "then") or frames[1].main.chunk == clause.chunk:
        return False
    uses = {use.service for use in words.services_in(clause.span)}
    later = {use.service for other in frames[1:] for use in words.services_in(other.main.span)}
    plain = clause.span.of(words.text)
    short = len(plain.split()) <= 6
    if not any(action_of(words, other.main)[0] != "none" for other in frames[1:]):
        return False
    return (
        short
        and (uses <= later)
        and (bool(_TITLE_NOUN.search(plain)) or (clause.verb is not None and clause.verb.strength < 3))
    )


def _read_frame(line: _Line, frame: Frame, following: Frame | None) -> None:
    words, clause = line.words, frame.main
    plain = words.plain(clause.span)
    if _is_swallowed(line, clause) or _speaks_of_others(words, clause):
        line.unused.append(clause.span)
        return
    if _is_empty(words, clause, plain):
        _read_qualifiers_only(line, frame)
        return
    if is_alert(words, frame):
        line.alerts.append(read_alert(words, frame))
        return
    if (
        _PARALLEL.search(plain)
        and clause.verb is None
        and not words.services_in(clause.span)
        and not words.slots_in(clause.span)
    ):
        _parallel_note(line, plain)
        return
    if _guard_only(line, frame, plain):
        return
    action, _ = action_of(words, clause)
    if action == "none" or (clause.verb is None and _is_detail(line, clause)):
        _detail(line, frame, following)
        return
    _work(line, frame, plain, following)


# "runs a Docker image that imports …": what follows is what the image does, not what the DAG does.
_CONTAINED = re.compile(
    r"\b(?:docker images?|containers?|images?|scripts?|notebooks?|programs?|binary|jar|flex templates?)\b[^.;]*?\b(?:that|which|to|does the following)\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"^\s*(?:the\s+)?(?:(?:another|other|downstream|upstream)\b|[\s\u25a1]*\bdags?\b(?!\s+(?:should|must|will|to)\b)|resulting\b|source code\b|more information|see\b|failures?\b|for more|"
    r"data is usually|owner\b|note\b|please note|use the\b|you can\b|to (?:run|backfill|re-?parse|re-?run)\b|once you|the aim|any provided|"
    r"background\b|purpose\b|description\b|(?:this|the|it|our)\s*(?:dag|job|pipeline)?\s*(?:requires?|needs?)\s+(?:the creation|the following|following|an? (?:airflow )?\w* ?connection|airflow)\b)",
    re.IGNORECASE,
)


def _is_swallowed(line: _Line, clause: Clause) -> bool:
    if line.swallow is None:
        return False
    chunk, items = line.swallow
    if clause.chunk == chunk or (items and clause.item):
        return True
    line.swallow = None
    return False


def _speaks_of_others(words: Words, clause: Clause) -> bool:
    """Whether a sentence is about other DAGs or about the documentation, not about this work."""
    sentence = words.text.rfind(".", 0, clause.span.start)
    start = max(sentence + 1, words.text.rfind("\n", 0, clause.span.start) + 1)
    masked = "".join(
        "\u25a1"
        if any(entity.span.start <= index < entity.span.end for entity in words.entities)
        else words.text[index]
        for index in range(start, clause.span.end)
    )
    match = _OTHERS.match(masked)
    if match is None:
        return False
    if re.search(r"\brequires?\b|\bneeds?\b", match.group(), re.IGNORECASE):
        return True
    first = masked.lstrip()[:5].lower()
    return not first.startswith(("this", "the d")) or "\u25a1" in masked[: match.end()]


def _is_empty(words: Words, clause: Clause, plain: str) -> bool:
    """Whether a clause says nothing beyond schedule and settings ("it runs", "scheduled")."""
    if words.services_in(clause.span) or words.slots_in(clause.span):
        return False
    rest = plain
    while True:
        match = _SCHEDULE_WORDS.match(rest)
        if match is None:
            break
        rest = rest[match.end() :]
    return not any(letter.isalpha() for letter in rest)


_IMAGE = re.compile(
    r"\[?`(?P<v>[\w./:-]+)`\]?(?:\([^)\s]*\))?\s+(?:docker\s+|container\s+)*(?:image|container)\b", re.IGNORECASE
)


def _with_image(words: Words, step: Step) -> Step:
    """A container step whose image is named elsewhere ("see the `exporter` docker image")."""
    if "docker" not in step.services or step.values("image"):
        return step
    match = _IMAGE.search(words.text)
    if match is None:
        return step
    slot = Slot("image", match.group("v"), Span(match.start("v"), match.end("v")), True)
    return replace(step, slots=(*step.slots, OwnedSlot(slot, "docker")))


def _read_qualifiers_only(line: _Line, frame: Frame) -> None:
    for clause in frame.temporals:
        waiting = wait_before(line.words, clause, bool(line.steps))
        if waiting is not None:
            line.add(waiting, said=True)
    if frame.conditions and not alert_event(frame.conditions[0].span.of(line.words.text)):
        words = frame.conditions[0].span.of(line.words.text)
        line.pending_guard = read_guard(words, frame.conditions[0].span, leaves_out=False) if not line.steps else None


_HOLIDAY_WORD = re.compile(r"holiday|feiertag|férié|festivo|feriado|节假日", re.IGNORECASE)


def _parallel_note(line: _Line, plain: str) -> None:
    """ "All three in parallel." speaks of the steps just read."""
    if _LIMIT.search(plain) or len(line.steps) < 2:
        return
    count = _COUNT.search(plain)
    wanted = (
        _NUMBERS.get(count.group("n").lower(), 0) or int(count.group("n"))
        if count and count.group("n").lower() in _NUMBERS
        else 0
    )
    members = list(range(len(line.steps)))[-(wanted or len(line.steps)) :]
    line.make_siblings(members)


def _guard_only(line: _Line, frame: Frame, plain: str) -> bool:
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
    if guard.kind == "custom" and not ground:
        return False
    _place_guard(line, guard, plain)
    return True


def _place_guard(line: _Line, guard: Guard, plain: str) -> None:
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
    target = _named_step(line, plain)
    if target is None or target == 0:
        target = 1 if len(line.steps) > 1 else None
    if target is None:
        line.pending_guard = guard
        return
    line.steps[target] = replace(line.steps[target], guard=guard)


def _with_calendar(line: _Line, guard: Guard) -> Guard:
    """The guard with the table of days off, if the words name one."""
    if line.holiday is None:
        return guard
    services = [service for step in line.steps for service in step.services if step.values("table")]
    own = line.holiday.services or tuple(services[-1:])
    return replace(guard, slots=tuple(item.slot for item in line.holiday.slots), service=own[0] if own else "")


def _named_step(line: _Line, plain: str) -> int | None:
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


def _is_detail(line: _Line, clause: Clause) -> bool:
    """Whether a verbless clause only adds values to what was said ("spanner instance prod-inst db orders")."""
    if clause.link in ("arrow", "then") or not line.steps:
        return False
    known = {service for step in line.steps for service in step.services}
    uses = line.words.services_in(clause.span)
    return all(use.service in known for use in uses)


def _detail(line: _Line, frame: Frame, following: Frame | None) -> None:
    words, clause = line.words, frame.main
    step = read_step(words, frame)
    if clause.link == "arrow" and line.steps and step.services and line.steps[-1].action in ("none", "copy", "extract"):
        line.steps[-1] = _joined_by_arrow(line.steps[-1], step)
        return
    if following is not None and following.main.link == "arrow" and (step.services or step.slots):
        line.add(replace(step, action="extract", source=step.source or step.target, target=""))
        line.arrow_left = True
        return
    if _HOLIDAY_WORD.search(step.words) and step.slots:
        line.holiday = step
        return
    if line.steps and (step.slots or step.services):
        _merge_detail(line, step)
        return
    if step.services and not all(item.slot.kind == "link" for item in step.slots if step.slots):
        line.add(_default_action(step))
        return
    if step.slots and not line.steps:
        line.add(replace(step, action="transform"))
        return
    line.unused.append(clause.span)


def _joined_by_arrow(left: Step, right: Step) -> Step:
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


def _merge_detail(line: _Line, detail: Step) -> None:
    """Add the values of a detail to the step with the same service, else to the last step."""
    index = len(line.steps) - 1
    for position in range(len(line.steps) - 1, -1, -1):
        if set(detail.services) & set(line.steps[position].services):
            index = position
            break
    for position in range(len(line.steps) - 1, -1, -1):
        lemma = line.steps[position].lemma.lower()
        if lemma and re.search(rf"\b{re.escape(lemma)}", detail.words.lower()):
            index = position
            break
    step = line.steps[index]
    source, target = step.source, step.target
    if not step.services and detail.source and detail.target:
        line.steps[index] = replace(
            step, action="copy" if step.action == "trigger" else step.action, source=detail.source, target=detail.target,
            slots=(*step.slots, *detail.slots), spans=(*step.spans, *detail.spans),
        )  # fmt: skip
        return
    if _BY_MEANS.match(detail.words) or _names_tool(line, detail):
        tool = detail.target or detail.source
        line.steps[index] = replace(
            step, tool=step.tool or tool, slots=(*step.slots, *detail.slots), spans=(*step.spans, *detail.spans)
        )
        return
    if step.values("command") and set(detail.services) <= {"http"}:
        return
    if step.action == "copy" and not target and detail.services:
        target = detail.target or detail.source
    new = [service for service in detail.services if service not in step.services]
    for service in new:
        if not target and step.action in ("copy", "load", "notify"):
            target = service
        elif not source:
            source = service
    line.steps[index] = replace(
        step, slots=(*step.slots, *detail.slots), spans=(*step.spans, *detail.spans), source=source, target=target,
        tool=step.tool or (new[0] if new and new[0] not in (source, target) else ""),
    )  # fmt: skip


_BY_MEANS = re.compile(r"^\s*(?:with|via|using|through|by means of|mit|avec|con|com|usando)\b", re.IGNORECASE)


def _names_tool(line: _Line, detail: Step) -> bool:
    """Whether the words right before the detail's service say that it is the means."""
    if len(detail.services) != 1 or not detail.spans:
        return False
    use = next(iter(line.words.services_in(detail.spans[0])), None)
    before = line.words.text[max(0, use.span.start - 8) : use.span.start] if use is not None else ""
    return bool(re.search(r"\b(?:with|via|using|through)\s+$", before, re.IGNORECASE))


def _default_action(step: Step) -> Step:
    if step.source and step.target:
        return replace(step, action="copy", lemma="copy")
    return replace(step, action="trigger", lemma="run", target=step.target or step.source, source="")


def _passes_source(line: _Line, frame: Frame, following: Frame | None) -> bool:
    """ "kick off the ingestion: open-meteo api → for every city fetch …": the first part names the source only."""
    if following is None or following.main.link != "arrow" or line.words.slots_in(frame.main.span):
        return False
    uses = line.words.services_in(frame.main.span)
    verb = frame.main.verb
    starts = verb is None or verb.lemma in ("kick off", "start", "run", "launch")
    if not uses or not starts or line.words.services_in(following.main.span):
        return False
    line.pending_source = uses[-1].service
    return True


def _work(line: _Line, frame: Frame, plain: str, following: Frame | None) -> None:
    """A clause that asks for work: waits and conditions before it, the step or steps, and where they stand."""
    words, clause = line.words, frame.main
    if (
        line.arrow_left
        and clause.link == "arrow"
        and action_of(words, clause)[0] in ("copy", "load")
        and clause.verb is not None
    ):
        line.arrow_left = False
        line.steps[-1] = _joined_by_arrow(line.steps[-1], read_step(words, frame))
        return
    line.arrow_left = False
    if _passes_source(line, frame, following):
        return
    for temporal in frame.temporals:
        waiting = wait_before(words, temporal, bool(line.steps))
        if waiting is not None:
            line.add(waiting, said=True)
    step = read_step(words, frame)
    contained = _CONTAINED.search(words.text[clause.span.start : clause.span.end])
    if step.action in ("trigger", "none") and contained is not None:
        line.swallow = (clause.chunk, True)
        step = _without_purpose(words, step, clause, contained.end())
    step = _inherit(line, step, frame, following)
    step = _inherit_source(line, replace(step, joins=bool(frame.temporals)))
    if _asks_for_a_rule(line, frame, step):
        return
    if not step.services and line.pending_source:
        step, line.pending_source = _on(step, line.pending_source), ""
    guard = _guard_of(line, frame)
    foreach = read_foreach(words, frame, step)
    if foreach is not None:
        listing = list_step(words, foreach, step, bool(line.steps))
        if listing is not None:
            line.add(listing)
        step = replace(step, foreach=foreach)
    parallel = clause.link == "parallel" or bool(_PARALLEL.search(plain)) or _in_parallel_chunk(line, clause)
    if foreach is not None or _LIMIT.search(plain):
        parallel = False
    pieces = replicate(split_objects(words, frame, step), parallel=parallel)
    key = (clause.chunk, clause.item)
    if frame.befores:
        target = _before_target(line, frame)
        if target is not None:
            line.insert_before(replace(step, guard=guard), target)
            return
    if _FIRST.search(plain) and line.steps and step.action in ("delete", "query", "check"):
        line.insert_before(replace(_first_values(step, line.steps[-1]), guard=guard), len(line.steps) - 1)
        return
    for number, piece in enumerate(pieces):
        own = replace(piece, guard=guard if number == 0 or parallel else None)
        line.add(own, parallel=parallel or number > 0, key=key, said=clause.link == "then" or bool(frame.temporals))


def _without_purpose(words: Words, step: Step, clause: Clause, length: int) -> Step:
    """The container step alone: services and values after "that …" belong to what it does inside."""
    head = Span(clause.span.start, clause.span.start + length)
    inner = read_step(words, Frame(clause), action="trigger", span=head)
    own = {item.slot for item in inner.slots}
    rest = tuple(replace(item, service="") for item in step.slots if item.slot not in own)
    services = inner.services or (("docker",) if "docker" in head.of(words.text).lower() else ())
    return replace(
        step, action="trigger", source="", tool="", target=services[0] if services else "", slots=(*inner.slots, *rest)
    )


def _in_parallel_chunk(line: _Line, clause: Clause) -> bool:
    """Whether the sentence or list item of the clause says anywhere that its parts run side by side."""
    members = [step for step in line.steps if step.clause is not None and step.clause.chunk == clause.chunk]
    return any(step.clause is not None and step.clause.link == "parallel" for step in members) and clause.link == "next"


def _guard_of(line: _Line, frame: Frame) -> Guard | None:
    for condition in frame.conditions:
        text = condition.span.of(line.words.text)
        if alert_event(text):
            continue
        sides = compared_sides(line.words, condition)
        if sides:
            first = line.add(sides[0])
            for side in sides[1:]:
                line.add(side, parallel=True, key=line.group_key)
            line.make_siblings(list(range(first, len(line.steps))))
        leaves_out = condition.opening in ("unless",)
        return read_guard(text, condition.span, leaves_out=leaves_out)
    return None


def _before_target(line: _Line, frame: Frame) -> int | None:
    for clause in frame.befores:
        target = _named_step(line, line.words.plain(clause.span))
        if target is not None:
            return target
    return None


def _first_values(step: Step, following: Step) -> Step:
    """ "truncate first" takes the table of the step it comes before."""
    if step.slots:
        return step
    service = following.target or following.source
    kept = tuple(
        item
        for item in following.slots
        if item.slot.name in ("table", "path", "uri", "bucket") and item.service in ("", service)
    )
    return replace(step, target=step.target or service, slots=kept)


def _inherit(line: _Line, step: Step, frame: Frame, following: Frame | None) -> Step:
    """A step that names a table but no service works on the service that the table was last used with.

    "Archive logs and delete logs from gs://x": a verb without an object shares the one of the verb after it.
    """
    if step.services:
        return step
    shares = following is not None and following.main.chunk == frame.main.chunk and following.main.link == "next"
    if shares and following is not None and not step.slots and step.action in ("copy", "delete", "check", "extract"):
        other = read_step(line.words, following)
        same = [item for item in other.slots if item.service == (other.source or other.target)]
        if other.services and other.action in ("delete", "check", "copy", "trigger"):
            return replace(step, source=other.source or other.target, slots=tuple(same))
    if not line.steps:
        return step
    tables = {item.slot.value for item in step.slots if item.slot.name in ("table", "sql", "procedure")}
    if not tables and step.action not in ("query", "delete"):
        return step
    for earlier in reversed(line.steps):
        for item in earlier.slots:
            if item.service and any(item.slot.value in table or table in item.slot.value for table in tables):
                return _on(step, item.service)
    return step


def _inherit_source(line: _Line, step: Step) -> Step:
    """ "then export dbo.balances to a container": the table lies where the last database step worked."""
    tables = [item for item in step.slots if item.slot.name == "table"]
    if step.action != "copy" or step.source or not step.target or not tables or step.tool:
        return step
    for earlier in reversed(line.steps):
        for service in (earlier.target, earlier.source):
            if (
                service
                and service != step.target
                and any(item.slot.name in ("table", "sql", "procedure") for item in earlier.slots)
            ):
                slots = tuple(replace(item, service=service) if item in tables else item for item in step.slots)
                return replace(step, source=service, slots=slots)
    return step


_ODD = re.compile(
    r"\b(?:weird|odd|strange|wrong|off|suspicious|unusual|anomal\w*|bad|funny|komisch|seltsam|bizarre|raro)\b",
    re.IGNORECASE,
)


def _asks_for_a_rule(line: _Line, frame: Frame, step: Step) -> bool:
    """ "alert us if the data looks weird": a check whose rule and whose channel are open."""
    grounds = [clause for clause in frame.conditions if _ODD.search(clause.span.of(line.words.text))]
    if not grounds or step.action not in ("notify", "check", "trigger"):
        return False
    words = grounds[0].span.of(line.words.text)
    line.add(
        replace(
            step, action="check", lemma="check", words=f"check whether {words}", spans=(*step.spans, grounds[0].span)
        )
    )
    line.questions.append(
        Question("rule", f"Which rule, threshold or expected range decides that {words!r}?", (), grounds[0].span)
    )
    if step.action == "notify" and not step.services and not step.values("recipients") and not step.values("channel"):
        line.questions.append(
            Question(
                "alert_channel",
                "Who is alerted, and over which channel?",
                ("Slack", "e-mail", "webhook"),
                frame.main.span,
            )
        )
    return True


def _on(step: Step, service: str) -> Step:
    slots = tuple(OwnedSlot(item.slot, item.service or service) for item in step.slots)
    return replace(step, target=service, slots=slots)
