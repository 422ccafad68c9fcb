"""Flow: frames become steps in order, with the edges between them, the alerts and the conditions.

The order of words is the order of work, unless words say otherwise: "in parallel", "when both are done",
"before …", "after …", "… first". `Flow` is what the planner turns into tasks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from airflow_provider_wfintel.engine.generation.reading.actions import action_of
from airflow_provider_wfintel.engine.generation.reading.after_named import set_aside
from airflow_provider_wfintel.engine.generation.reading.alerts import (
    AlertReading,
)
from airflow_provider_wfintel.engine.generation.reading.arrow_conditions import MARK
from airflow_provider_wfintel.engine.generation.reading.bad_end import is_bad_end, notes_good_way
from airflow_provider_wfintel.engine.generation.reading.between import approved_step, put_between
from airflow_provider_wfintel.engine.generation.reading.branches import order_branches
from airflow_provider_wfintel.engine.generation.reading.calls import calls_are_reads, without_telling
from airflow_provider_wfintel.engine.generation.reading.clauses import Clause
from airflow_provider_wfintel.engine.generation.reading.conditions import (
    Guard,
)
from airflow_provider_wfintel.engine.generation.reading.connections import share_connections
from airflow_provider_wfintel.engine.generation.reading.copied import with_copied
from airflow_provider_wfintel.engine.generation.reading.details import (
    detail,
    is_detail,
    joined_by_arrow,
    leaves_result,
    logs_in,
    says_where,
)
from airflow_provider_wfintel.engine.generation.reading.each_goes_on import goes_on_for_each
from airflow_provider_wfintel.engine.generation.reading.fail_run import fails_the_run
from airflow_provider_wfintel.engine.generation.reading.failing import (
    is_for_failure,
)
from airflow_provider_wfintel.engine.generation.reading.foreach import list_step, read_foreach, replicate, run_in_order
from airflow_provider_wfintel.engine.generation.reading.frames import Frame, Words
from airflow_provider_wfintel.engine.generation.reading.given import from_given
from airflow_provider_wfintel.engine.generation.reading.guarding import (
    before_target,
    chain_alternatives,
    guard_of,
    guard_only,
    is_alternative,
    otherwise,
    says_nothing_more,
    third_way,
)
from airflow_provider_wfintel.engine.generation.reading.inherit import (
    asks_for_a_rule,
    first_values,
    inherit,
    inherit_named,
    inherit_source,
    on,
    only_database,
    passes_source,
    with_image,
    with_maintenance,
    without_purpose,
)
from airflow_provider_wfintel.engine.generation.reading.inherit_files import (
    inherit_awaited,
    inherit_file_source,
    inherit_host,
    inherit_made_file,
    inherit_moved,
    inherit_originals,
    inherit_read_file,
)
from airflow_provider_wfintel.engine.generation.reading.labels import order_by_labels
from airflow_provider_wfintel.engine.generation.reading.line import Edge, Line
from airflow_provider_wfintel.engine.generation.reading.lists import PARALLEL, add_to_list, in_group, opens_list
from airflow_provider_wfintel.engine.generation.reading.manner import says_manner
from airflow_provider_wfintel.engine.generation.reading.names import with_names
from airflow_provider_wfintel.engine.generation.reading.noise import (
    CONTAINED,
    is_empty,
    is_negated,
    is_swallowed,
    is_title,
    takes_back,
)
from airflow_provider_wfintel.engine.generation.reading.places import at_place
from airflow_provider_wfintel.engine.generation.reading.remarks import (
    AS_WELL,
    LIMIT,
    excepts,
    heed_negation,
    late_alert,
    only_informs,
    read_qualifiers_only,
    says_parallel,
    starts_itself,
    tells_of_an_end,
    told_as_well,
)
from airflow_provider_wfintel.engine.generation.reading.sections import Section, find_sections, heads_section
from airflow_provider_wfintel.engine.generation.reading.steps import (
    Step,
    read_step,
    split_objects,
)
from airflow_provider_wfintel.engine.generation.reading.stories import is_summary
from airflow_provider_wfintel.engine.generation.reading.waits import (
    compared_sides,
    somebody_agrees,
    wait_before,
    work_in,
)
from airflow_provider_wfintel.engine.model import Caution, Question, Span

__all__ = ["Edge", "Flow", "read_flow"]


# "load the table, drop the old partition before": before what was said last.
_BEFORE_IT = re.compile(r"\s*(?:before|vorher|antes|avant)(?:\s+that)?\s*(?:[,.;)]|$)", re.IGNORECASE)
# "followed by A and finally B": the pieces of one clause come one after the other.
_IN_TURN = re.compile(
    r"\b(?:then|finally|lastly|afterwards|danach|anschließend|puis|enfin|luego|finalmente|depois)\b", re.IGNORECASE
)
_FIRST = re.compile(r"\b(?:first|beforehand|vorher|zuerst|d'abord|primero|antes)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Flow:
    """All steps with their order, the alerts, and what is open. `details` are clauses that only name values."""

    steps: tuple[Step, ...] = ()
    edges: tuple[Edge, ...] = ()
    alerts: tuple[AlertReading, ...] = ()
    questions: tuple[Question, ...] = ()
    warnings: tuple[Caution, ...] = ()
    unused: tuple[Span, ...] = ()
    sections: tuple[Section, ...] = ()
    heeded: tuple[Span, ...] = ()


def read_flow(words: Words, frames: tuple[Frame, ...]) -> Flow:
    """Read all frames of a text into one flow."""
    frames = tuple(frame for position, frame in enumerate(frames) if not is_title(words, frames, position))
    frames = tuple(frame for position, frame in enumerate(frames) if not is_summary(words, frames, position))
    line = Line(words)
    sections = find_sections(words.text)
    said = 0
    for position, frame in enumerate(frames):
        if line.steps and takes_back(words.text[said : frame.main.span.end], frame.main.span.start - said):
            line.take_back()
        said = frame.main.span.end
        following = frames[position + 1] if position + 1 < len(frames) else None
        if heads_section(words, frame.main, sections):
            if not in_group(line, frame, following):
                opens_list(line, frame.main, words.plain(frame.main.span), following)
            continue
        _read_frame(line, frame, following)
    order_branches(line)
    order_by_labels(line)
    calls_are_reads(line)
    share_connections(line)
    line.steps = with_names(words.text, [with_image(words, step) for step in line.steps])
    edges = tuple(
        Edge(up, down, "stated" if (up, down) in line.stated else "order_of_words")
        for down, ups in enumerate(line.upstream)
        for up in sorted(ups)
    )
    return Flow(
        tuple(line.steps),
        edges,
        tuple(line.alerts),
        tuple(line.questions),
        tuple(line.warnings),
        tuple(line.unused),
        sections,
        tuple(line.heeded),
    )


def _read_frame(line: Line, frame: Frame, following: Frame | None) -> None:
    words, clause = line.words, frame.main
    plain = words.plain(clause.span)
    if is_swallowed(line, clause):
        line.unused.append(clause.span)
        return
    if is_bad_end(line, frame, following) or tells_of_an_end(line, frame):
        return
    notes_good_way(line, frame)
    if leaves_result(line, frame) or logs_in(line, frame, following) or only_informs(line, frame):
        return
    if is_negated(words, clause):
        heed_negation(line, clause, plain)
        return
    if is_empty(words, clause, plain):
        read_qualifiers_only(line, frame)
        return
    if opens_list(line, clause, plain, following) or says_parallel(line, clause, plain):
        return
    if says_nothing_more(line, frame) or says_manner(line, frame) or guard_only(line, frame, plain, following):
        return
    if third_way(line, frame):
        said = " ".join(clause.span.of(words.text).split())[:120]
        line.warnings.append(
            Caution("branch", f"A third way is not read: {said!r}. Say it as a condition of its own.", clause.span)
        )
        line.unused.append(clause.span)
        return
    if in_group(line, frame, following) or excepts(line, clause, plain) or fails_the_run(line, frame):
        return
    action, _ = action_of(words, clause)
    told = action == "notify" and bool(frame.conditions)
    if (
        action == "none"
        or says_where(line, clause)
        or (clause.verb is None and action != "approve" and not told and is_detail(line, clause))
    ):
        detail(line, frame, following)
        return
    _work(line, frame, plain, following)


def _work(line: Line, frame: Frame, plain: str, following: Frame | None) -> None:
    """A clause that asks for work: waits and conditions before it, the step or steps, and where they stand."""
    if _joins_arrow(line, frame) or passes_source(line, frame, following) or starts_itself(line, frame, plain):
        return
    _add_waits(line, frame)
    step = _full_step(line, frame, following)
    if asks_for_a_rule(line, frame, step):
        return
    if (
        step.action == "wait_for"
        and not step.services
        and not step.slots
        and line.steps
        and (_TO_FINISH.search(plain) or _JUST_WAIT.fullmatch(plain.strip(" .,;")))
    ):
        # Operators wait for what they start.
        return
    if _compare(line, frame, step) or late_alert(line, frame) or told_as_well(line, frame, step):
        return
    other = otherwise(line, frame)
    if other is not None:
        chain_alternatives(line)
        line.add_beside(replace(step, guard=other))
        return
    guard = guard_of(line, frame)
    if is_for_failure(line, frame, step, guard):
        return
    if is_alternative(line, guard):
        line.add_beside(replace(step, guard=guard))
        return
    foreach = read_foreach(line.words, frame, step) or goes_on_for_each(line, frame, step)
    if foreach is not None:
        listing = list_step(line.words, foreach, step)
        if listing is not None:
            line.add(listing)
        step = replace(step, foreach=foreach)
    before = list(line.frontier)
    beside = set_aside(line, frame, step)
    _place(line, frame, step, guard, plain, following)
    line.frontier = [*beside, *line.frontier] if beside else line.frontier
    if before and _APART.search(line.words.text[max(0, _start(frame) - 60) : frame.main.span.end]):
        line.start_aside(before)
    elif before and (_on_some_days(frame, guard) or _is_extra(line, frame, guard, following)):
        line.step_aside(before)
    _add_work_after(line, frame)


def _add_work_after(line: Line, frame: Frame) -> None:
    """Of "load it before the view `a` is refreshed": the work that the words place behind the step."""
    for clause in frame.befores:
        later = work_in(line.words, clause, line.steps)
        if later is not None:
            line.add(later, said=True)


_REFERS = re.compile(r"\b(?:it|its|them|this|that|those|these|result|output|ihn|sie|es|le|les|lo|los)\b", re.IGNORECASE)


def _is_extra(line: Line, frame: Frame, guard: Guard | None, following: Frame | None) -> bool:
    """Whether guarded work is done besides: it is called so ("also"), or it is an item for some days only.

    What comes after it in the list is done on all days then, unless it speaks of that work.
    """
    if guard is None or guard is not line.steps[-1].guard:
        return False
    start = max((item.span.end for item in frame.conditions), default=frame.main.span.start)
    said = line.words.text[min(start, frame.main.span.start) : frame.main.span.end + 1]
    if AS_WELL.search(said.partition("\n")[0]):
        return True
    if guard.kind != "day" or following is None or not frame.main.item or not following.main.item:
        return False
    return following.main.item >= frame.main.item and _REFERS.search(line.words.plain(following.main.span)) is None


_JUST_WAIT = re.compile(
    r"(?:(?:and|then|is|are)\s+)*wait(?:s|ed)?(?:\s+for(?=\W*$)|\s+until\s+(?:it|they)\s+(?:is|are)\s+(?:done|over|finished))?(?:\s+for\s+(?:it|them|this|that|both|all))?",
    re.IGNORECASE,
)
_TO_FINISH = re.compile(
    r"\b(?:it|them|this|that|the (?:job|run|query|cluster|pipeline|step)|both|all)\b.*\b(?:finish\w*|complet\w*|end|done|succeed\w*|over)\b|\bcompletion\b",
    re.IGNORECASE,
)


def _compare(line: Line, frame: Frame, step: Step) -> bool:
    """Of "compare the counts of A and B": two reads side by side; what compares them is the condition after it."""
    if step.lemma.split(" ")[0] not in ("compare", "reconcile"):
        return False
    sides = compared_sides(line.words, replace(frame.main, kind="condition"))
    if not sides:
        return False
    first = len(line.steps)
    for side in sides:
        line.add(side)
    line.make_siblings(list(range(first, len(line.steps))))
    return True


def _joins_arrow(line: Line, frame: Frame) -> bool:
    """Whether the frame is the right side of an arrow whose left side only named a place."""
    words, clause = line.words, frame.main
    if (
        line.arrow_left
        and clause.link == "arrow"
        and action_of(words, clause)[0] in ("copy", "load")
        and clause.verb is not None
    ):
        line.arrow_left = False
        line.steps[-1] = joined_by_arrow(line.steps[-1], read_step(words, frame))
        return True
    line.arrow_left = False
    return False


def _add_waits(line: Line, frame: Frame) -> None:
    for temporal in frame.temporals:
        waiting = wait_before(line.words, temporal, bool(line.steps)) or work_in(line.words, temporal, line.steps)
        if waiting is not None and waiting.action == "approve" and any(step.action == "approve" for step in line.steps):
            continue
        if waiting is not None:
            line.add(waiting, said=True)
    for condition in frame.conditions:
        if somebody_agrees(line.words, condition) and all(step.action != "approve" for step in line.steps):
            asked = read_step(line.words, Frame(replace(condition, kind="main", verb=None)), action="approve")
            line.add(replace(asked, lemma="approve"), said=True)


def _full_step(line: Line, frame: Frame, following: Frame | None) -> Step:
    """The step of a frame with what the words around it add."""
    words, clause = line.words, frame.main
    step = from_given(line, without_telling(read_step(words, frame)))
    contained = CONTAINED.search(words.blank[clause.span.start : clause.span.end])
    if step.action in ("trigger", "none") and contained is not None:
        line.swallow = (clause.chunk, True)
        step = without_purpose(words, step, clause, contained.end())
    step = with_copied(
        line,
        at_place(
            line,
            inherit_originals(line, inherit_named(line, with_maintenance(line, inherit(line, step, frame, following)))),
        ),
    )
    step = only_database(
        words,
        inherit_source(
            line,
            inherit_moved(
                line,
                inherit_read_file(
                    line,
                    inherit_made_file(
                        line,
                        inherit_awaited(
                            line,
                            inherit_file_source(line, inherit_host(line, replace(step, joins=bool(frame.temporals)))),
                        ),
                    ),
                ),
            ),
        ),
    )
    if not step.services and line.pending_source:
        step, line.pending_source = on(step, line.pending_source), ""
    return step


def _place(line: Line, frame: Frame, step: Step, guard: Guard | None, plain: str, following: Frame | None) -> None:
    """Put a step where the words want it: before another one, beside others, or next."""
    clause = frame.main
    target = before_target(line, frame) if frame.befores else approved_step(line, step)
    if target is not None and frame.befores and put_between(line, replace(step, guard=guard), target):
        return
    if target is not None:
        line.insert_before(replace(step, guard=guard), target)
        return
    first = _FIRST.search(plain) or _BEFORE_IT.match(line.words.text, clause.span.end)
    if first and line.steps and step.action in ("delete", "query", "check", "wait_for"):
        line.insert_before(replace(first_values(step, line.steps[-1]), guard=guard), len(line.steps) - 1)
        return
    parallel = clause.link == "parallel" or bool(PARALLEL.search(plain)) or _in_parallel_chunk(line, clause)
    if line.side_by_side and clause.item:
        add_to_list(line, frame, step, guard)
        return
    if step.foreach is not None or LIMIT.search(plain):
        parallel = False
    pieces = replicate(split_objects(line.words, frame, step), parallel=parallel)
    if clause.link != "parallel" and (len(pieces) > 1 or (frame.temporals and not _in_parallel_chunk(line, clause))):
        # "refresh A and B side by side": the two with each other, not with what was said before.
        line.group_key = None
    key = (clause.chunk, clause.item)
    chained = (run_in_order(pieces) or (len(pieces) > 1 and _IN_TURN.search(plain) is not None)) and not parallel
    if parallel and line.group and _beside_the_last(line, clause, following, len(pieces)):
        key = line.group_key = line.group_key or key
    guard = guard or line.pending_guard
    for number, piece in enumerate(pieces):
        own = replace(piece, guard=guard if number == 0 or parallel or not chained else None)
        line.add(
            own,
            parallel=(parallel or number > 0) and not chained,
            key=key,
            said=clause.link == "then" or bool(frame.temporals),
        )
    _one_is_enough(line, frame, len(line.steps) - len(pieces))


_EITHER = re.compile(
    r"\b(?:either|whichever|one\s+of|any\s+(?:one\s+)?of|the\s+first\s+of|entweder|welche\w*\s+zuerst|soit|l'un\w*\s+ou|cualquiera|o\s+bien|qualquer)\b|\bor\b",
    re.IGNORECASE,
)


def _one_is_enough(line: Line, frame: Frame, first: int) -> None:
    """Note the waits of one clause of which one is enough ("wait for a or b, whichever comes first")."""
    new = range(first, len(line.steps))
    waits = len(new) > 1 and all(line.steps[index].action == "wait_for" for index in new)
    if waits and _EITHER.search(line.words.plain(frame.main.span)):
        line.either = set(new)


def _on_some_days(frame: Frame, guard: Guard | None) -> bool:
    """Whether a step is done as well on some days only ("on Mondays also …"): nothing waits for it."""
    return guard is not None and guard.kind == "day" and any(item.opening == MARK for item in frame.conditions)


_APART = re.compile(
    r"(?:^|[.;\n,]\s*|\band\s+)(?:(?:completely|fully|quite|but|and|also|in\s+a\s+branch\s+of\s+its\s+own)\W+)*(?:independent(?:ly)?\s+(?:of|from)\s+(?!each\b|one\b)(?:that|this|it|these|those|them|all\s+that|the\s+(?:above|rest|others?|chain|load|loads)|everything(?:\s+else)?)|"
    r"independently(?=\s*,)|separately(?=\s*(?:,|from\s+(?:that|this)))|unrelated(?:\s+to\s+(?:that|this|the\s+above))?(?=\s*[,:])|unabhängig\s+davon|indépendamment\s+de\s+(?:cela|ça)|independientemente\s+de\s+(?:eso|esto))[^.;\n]*$",
    re.IGNORECASE,
)


def _start(frame: Frame) -> int:
    """Where the words of a frame begin."""
    return min((frame.main.span.start, *(clause.span.start for clause in frame.temporals)))


_MEANWHILE = re.compile(
    r"\b(?:(?:in the )?meanwhile|in the meantime|during that time|while (?:that|this|it|they) (?:\w+ ){0,3}|währenddessen|in der zwischenzeit|parallel dazu|pendant ce temps|mientras tanto|enquanto isso)\b",
    re.IGNORECASE,
)


def _beside_the_last(line: Line, clause: Clause, following: Frame | None, pieces: int) -> bool:
    """Whether one piece of work runs beside what was said last ("…; meanwhile, …"), not beside what is said next."""
    if (
        clause.link != "parallel"
        or pieces > 1
        or line.steps[-1].clause is None
        or line.steps[-1].clause.chunk == clause.chunk
    ):
        return False
    lead = line.words.text[max(0, clause.span.start - 30) : clause.span.start]
    return _MEANWHILE.search(lead) is not None or following is None or following.main.chunk != clause.chunk


def _in_parallel_chunk(line: Line, clause: Clause) -> bool:
    """Whether the sentence or list item of the clause says anywhere that its parts run side by side."""
    members = [step for step in line.steps if step.clause is not None and step.clause.chunk == clause.chunk]
    return any(step.clause is not None and step.clause.link == "parallel" for step in members) and clause.link == "next"
