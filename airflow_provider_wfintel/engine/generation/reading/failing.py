"""Work for the case that something failed: "if it fails, restart the server and open a ticket"."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.reading.alerts import read_alert
from airflow_provider_wfintel.engine.generation.reading.conditions import Guard, alert_event, speaks_of_both_ends
from airflow_provider_wfintel.engine.generation.reading.frames import Frame
from airflow_provider_wfintel.engine.generation.reading.guarding import says_otherwise
from airflow_provider_wfintel.engine.generation.reading.line import Line
from airflow_provider_wfintel.engine.generation.reading.steps import Step, read_step
from airflow_provider_wfintel.engine.model import Span

__all__ = ["goes_on_softly", "goes_on_telling", "is_for_failure", "keeps_running", "without_failing"]

# What may stand between two things to do in the same case.
_AND = re.compile(
    r"[\s,]*(?:and|und|et|y|e|plus|,)?(?:\s+(?:then|also|dann|auch|puis|luego|depois|também|también))?[\s,]*",
    re.IGNORECASE,
)
# Between a check and its "else": the words for the bad end have been said, the "else" is the good one.
_LEFT_OUT = re.compile(
    r"\b(?:fail\w*|skip\w*|stop\w*|abort\w*|exit\w*|end(?:s|\s+the)\b|nothing\s+to\s+do|not\s+continue|n[o']t\s+go\s+on|do\s+nothing)",
    re.IGNORECASE,
)
_NEVER = re.compile(
    r"\b(?:neither|none)\s+(?:of\s+\w+\s+)?(?:\w+\s+){0,3}?(?:come|came|arrived?|arrives|there|landed|lands|appeared|appears|shown|delivered)\b|\bnothing\s+(?:has\s+|is\s+)?(?:\w+\s+)?(?:comes?|arrived?|there|landed|appeared|shown|delivered)\b|\b(?:never|not|n't)\s+(?:\w+\s+)?(?:comes?|arrives?|arrived|appears?|lands?|there|shows?|found|received|delivered)\b|\b(?:is|are)\s+(?:still\s+)?missing\b|\btimes?\s+out\b",
    re.IGNORECASE,
)
_IN_ANY_CASE = frozenset({"all_done", "always"})


def is_for_failure(line: Line, frame: Frame, step: Step, guard: Guard | None = None) -> bool:
    """Whether a step is to run only if what came before it failed; it is added as such then.

    The case is named by a condition of the step, or by the words just before it, which it goes on with an "and".
    """
    if not line.steps or step.guard is not None or step.trigger_rule in _IN_ANY_CASE or line.pending_guard is not None:
        return False
    if guard is not None and not (guard.kind in ("custom", "not_empty") and _never_comes(line, frame)):
        return False
    other = step.action == "notify" or any(item.action == "check" for item in line.steps[-2:])
    checked = other and says_otherwise(line, frame)
    if (
        checked
        and says_otherwise(line, frame)
        and _LEFT_OUT.search(line.words.text, line.steps[-1].spans[-1].end, frame.main.span.start)
    ):
        return False  # "If the check fails stop; else …": the other way is what comes next anyway.
    if _never_comes(line, frame):
        line.failing = frame.main.span.end
        line.bad_end = _waits_just_read(line)
        rule = "all_failed" if line.either and set(line.bad_end) == line.either else "one_failed"
        line.add_for_failure(replace(step, trigger_rule=rule), line.bad_end)
        return True
    further = not frame.conditions and _goes_on(line, frame)
    if checked or _says_failure(line, frame) or further:
        line.failing = frame.main.span.end
        line.add_for_failure(replace(step, trigger_rule="one_failed"), line.bad_end if further else None)
        line.bad_end = line.bad_end if further else []
        return True
    return False


# "don't fail the DAG", "instead of failing the run": a failed step is told of and the run goes on.
_SOFT = re.compile(
    r"\b(?:(?:do|does|should|must|shall|may|can)\s*(?:not|n['’]t)|don['’]?t|never|not|without|instead\s+of|rather\s+than)\s+"
    r"(?:to\s+)?(?:fail|failing|break|breaking|stop|stopping|abort|aborting)\s+(?:the\s+|this\s+|our\s+)?(?:whole\s+|entire\s+)?"
    r"(?:dag|run|pipeline|workflow|flow|job|process|rest)\b[\s,;]*(?:(?:and|but|just|only|simply|instead|then)\b[\s,]*)*",
    re.IGNORECASE,
)
_TELLS = frozenset({"notify", "load", "trigger", "none"})


def without_failing(line: Line, frame: Frame, *, softly: bool = False) -> bool:
    """Whether a failure is only to be told of, so that the run succeeds all the same; the telling is a task then.

    `softly`: the words before the frame said so.

    A task that runs if the ones before it failed decides the state of the run in their place.
    """
    text, clause = line.words.text, frame.main
    start = min((item.span.start for item in frame.conditions), default=clause.span.start)
    chunk_end = _end_of_sentence(text, clause.span.end)
    soft = _SOFT.search(text, max(0, start - _LEAD), chunk_end)
    if (
        not line.steps
        or soft is None
        or not (softly or _says_failure(line, frame) or _tells_of_failure(text, start, soft, chunk_end))
    ):
        return False
    if clause.verb is not None and clause.verb.action == "none":
        return False
    begin = soft.end() if clause.span.start < soft.end() < clause.span.end else clause.span.start
    end = soft.start() if begin < soft.start() < clause.span.end else clause.span.end
    step = read_step(line.words, frame, span=Span(begin, end))
    if step.action not in _TELLS or not (step.services or step.slots):
        return False
    line.failing = clause.span.end
    lemma = "notify" if step.lemma in ("do", "fail", "") else step.lemma
    line.soft |= set(line.frontier)
    line.add_for_failure(replace(step, action="notify", lemma=lemma, trigger_rule="one_failed"))
    return True


_LEAD = 60
_FAILS = re.compile(r"\b(?:fail(?:s|ed|ures?)?|breaks?|errors?|goes\s+wrong)\b", re.IGNORECASE)


def _tells_of_failure(text: str, start: int, soft: re.Match[str], end: int) -> bool:
    """Whether the sentence speaks of a failure beside the words that the run must not fail."""
    begin = max(start - _LEAD, *(text.rfind(sign, 0, soft.start()) for sign in (". ", "; ", "\n")), 0)
    return bool(_FAILS.search(text, begin, soft.start()) or _FAILS.search(text, soft.end(), end))


def keeps_running(line: Line, frame: Frame) -> bool:
    """Whether a clause only says that a failure must not fail the run; what is told then comes next."""
    text, clause = line.words.text, frame.main
    soft = _SOFT.search(text, clause.span.start, clause.span.end)
    if soft is None or not line.steps or line.words.services_in(clause.span) or line.words.slots_in(clause.span):
        return False
    line.may_fail_until = clause.span.end
    line.unused.append(clause.span)
    return True


def goes_on_softly(line: Line, frame: Frame) -> bool:
    """Whether a clause says what is told of a failure that must not fail the run ("…, just post a warning")."""
    end, line.may_fail_until = line.may_fail_until, -1
    verb = frame.main.verb
    if end < 0 or verb is None or verb.action not in ("notify", "load"):
        return False
    return _JUST.fullmatch(line.words.text[end : frame.main.span.start]) is not None


_JUST = re.compile(
    r"(?:\s*(?:if|when|should|in\s+case)\s[^.;,]{1,60})?[\s,;:.–-]*(?:(?:but|just|only|instead|and|simply|then)\b[\s,]*)*",
    re.IGNORECASE,
)


def _end_of_sentence(text: str, start: int) -> int:
    stop = re.compile(r"[.;\n](?:\s|$)").search(text, start)
    return stop.start() if stop is not None else len(text)


def goes_on_telling(line: Line, frame: Frame) -> bool:
    """Whether a frame names one more who is told of a late run ("or page X and mail Y"); it is noted as such then."""
    clause = frame.main
    between = line.words.text[line.late : clause.span.start] if line.late >= 0 else "."
    if frame.conditions or clause.verb is None or clause.verb.action != "notify" or not _AND.fullmatch(between):
        return False
    line.alerts.append(replace(read_alert(line.words, frame), on="deadline"))
    line.late = clause.span.end
    return True


def _says_failure(line: Line, frame: Frame) -> bool:
    return any(
        alert_event(words) == "failure" and not speaks_of_both_ends(words)
        for clause in frame.conditions
        if (words := f"{clause.opening} {line.words.plain(clause.span)}")
    )


def _never_comes(line: Line, frame: Frame) -> bool:
    """Whether a condition says that what is waited for did not come: the wait fails then."""
    waits = any(step.action == "wait_for" for step in line.steps)
    said = " ".join(clause.span.of(line.words.text) for clause in frame.conditions)
    return waits and _NEVER.search(said) is not None and not line.words.services_in(frame.conditions[0].span)


def _waits_just_read(line: Line) -> list[int]:
    """The last waits: one, or those side by side of which the words spoke in one breath."""
    waits = [index for index, step in enumerate(line.steps) if step.action == "wait_for"]
    twins = [index for index in waits if line.steps[index].clause is line.steps[waits[-1]].clause]
    return twins or waits[-1:]


def _goes_on(line: Line, frame: Frame) -> bool:
    between = line.words.text[line.failing : frame.main.span.start] if line.failing >= 0 else "."
    return _AND.fullmatch(between) is not None
