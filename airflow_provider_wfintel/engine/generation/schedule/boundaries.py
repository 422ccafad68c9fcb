"""From when to when a DAG runs, whether missed runs are made up, and when a run must be over."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field

from airflow_provider_wfintel.engine.generation.schedule.clock import read_clock
from airflow_provider_wfintel.engine.generation.schedule.lexicon import Item
from airflow_provider_wfintel.engine.generation.schedule.moments import read_date, read_duration
from airflow_provider_wfintel.engine.generation.schedule.parts import Items, has, number_at, skip
from airflow_provider_wfintel.engine.model import DeadlineSpec, Span

__all__ = ["Boundaries", "mask", "read_boundaries"]

_WEAK_START = {
    "from",
    "since",
    "as of",
    "ab",
    "ab dem",
    "seit",
    "desde",
    "desde el",
    "从",
    "自",
    "effective",
    "a partir de",
}
_DONE = {"fertig", "abgeschlossen", "beendet", "完成", "前 完 成", "前", "之前", "跑完", "结束"}


@dataclass(slots=True)
class Boundaries:
    """What was found, and which items `[first, after)` it took."""

    start_date: str = ""
    end_date: str = ""
    catchup: bool | None = None
    deadline: DeadlineSpec | None = None
    other_deadline: DeadlineSpec | None = None
    catchup_words: dict[bool, Span] = field(default_factory=dict)
    end_span: Span | None = None
    open_dates: list[str] = field(default_factory=list)
    taken: list[tuple[int, int]] = field(default_factory=list)


def mask(items: Items, taken: list[tuple[int, int]]) -> tuple[Item, ...]:
    """The same items with the taken ones turned into commas, so that no reader takes them twice."""
    masked = list(items)
    for first, after in taken:
        for index in range(first, after):
            item = masked[index]
            masked[index] = Item("punct", ",", item.start, item.end)
    return tuple(masked)


def read_boundaries(items: Items) -> Boundaries:
    """Find start, end, catch-up and deadline. Nothing is raised."""
    out = Boundaries()
    index = 0
    while index < len(items):
        before = len(out.taken)
        for reader in (_catchup, _start, _end, _deadline_by, _deadline_within):
            if items[index].concepts and reader(items, index, out):
                break
        index = out.taken[-1][1] if len(out.taken) > before else index + 1
    return out


def _sentence_has(items: Items, index: int, reach: int, *concepts: str, forward: int = 0) -> bool:
    for position in range(index - 1, max(-1, index - 1 - reach), -1):
        if items[position].kind == "break":
            break
        if has(items, position, *concepts):
            return True
    for position in range(index + 1, min(len(items), index + 1 + forward)):
        if items[position].kind == "break":
            return False
        if has(items, position, *concepts):
            return True
    return False


def _catchup(items: Items, index: int, out: Boundaries) -> bool:
    after = index + 1
    if has(items, index, "catchup_no"):
        wanted = False
    elif has(items, index, "catchup_yes") and not has(items, index - 1, "negation"):
        wanted = True
    elif has(items, index, "missed") and (end := _rerun(items, index + 1)):
        wanted = not any(has(items, place, "negation") for place in range(index + 1, end))
        after = end
    else:
        return False
    _set_catchup(items, out, wanted, index, after)
    out.taken.append((index, after))
    return True


def _rerun(items: Items, index: int) -> int:
    """The index behind "... must be re-run", or 0."""
    for position in range(index, min(len(items), index + 5)):
        if items[position].kind == "break":
            return 0
        if has(items, position, "rerun"):
            return position + 1
    return 0


def _set_catchup(items: Items, out: Boundaries, wanted: bool, first: int, after: int) -> None:
    """What is said first holds; the other side is kept, so that the contradiction can be named."""
    out.catchup_words.setdefault(wanted, Span(items[first].start, items[after - 1].end))
    out.catchup = wanted if out.catchup is None else out.catchup


def _start(items: Items, index: int, out: Boundaries) -> bool:
    backfill = has(items, index, "backfill")
    between = has(items, index, "between") and not has(items, index, "start")
    if not (backfill or between or has(items, index, "start")):
        return False
    position = skip(items, index + 1, "start", "between", "at", "the", norms=(":", "=", "is"), limit=2)
    date = read_date(items, position)
    if backfill and (date is None or not date[2]) and _months(items, index, position, out):
        return True
    if date is None:
        return False
    if between:
        return _between(items, index, date, out)
    filled = backfill or _sentence_has(items, index, 6, "backfill", "catchup_yes")
    filled = filled or has(items, skip(items, date[1], "and", norms=(",",), limit=2), "backfill")
    if items[index].norm in _WEAK_START and not filled and not _about_runs(items, index):
        return False
    out.taken.append((index, date[1]))
    if not date[2]:
        out.open_dates.append(date[0])
        return True
    out.start_date = date[0]
    if filled:
        _set_catchup(items, out, True, index, date[1])
    to = skip(items, date[1], "to", "end", limit=1)
    last = read_date(items, to) if to > date[1] else None
    if last is not None and last[2]:
        out.end_date = last[0]
        out.end_span = Span(items[to].start, items[last[1] - 1].end)
        out.taken.append((date[1], last[1]))
    return True


def _between(items: Items, index: int, first: tuple[str, int, bool], out: Boundaries) -> bool:
    """Read "between 1 June 2026 and 30 June 2026" beside words about runs."""
    last = read_date(items, skip(items, first[1], "and", "to", limit=1))
    if last is None or not (first[2] and last[2]) or out.start_date or not _about_runs(items, index):
        return False
    out.start_date, out.end_date = first[0], last[0]
    out.end_span = Span(items[index].start, items[last[1] - 1].end)
    out.taken.append((index, last[1]))
    return True


def _months(items: Items, index: int, position: int, out: Boundaries) -> bool:
    """Read "backfill January through March 2026": from the first day of the one to the last day of the other."""
    after = skip(items, position + 1, "to", "and", norms=("-",), limit=1)
    year = number_at(items, after + 1)
    if not (has(items, position, "month") and has(items, after, "month") and after > position + 1):
        return False
    if year is None or not 1970 < year < 2200:
        return False
    first, last = (int(items[place].concepts["month"]) for place in (position, after))
    out.start_date = f"{year:04d}-{first:02d}-01"
    out.end_date = f"{year:04d}-{last:02d}-{calendar.monthrange(year, last)[1]:02d}"
    out.end_span = Span(items[index].start, items[after + 1].end)
    _set_catchup(items, out, True, index, after + 2)
    out.taken.append((index, after + 2))
    return True


def _about_runs(items: Items, index: int) -> bool:
    """Whether the words right before speak of runs: a verb of running, a rhythm, a time."""
    if index == 0 or items[index - 1].kind == "break":
        return True
    return _sentence_has(
        items, index, 4, "run_verb", "freq", "every", "zone", "am", "pm", "weekday", "weekdays_of", "schedule"
    ) or any(items[position].kind == "time" for position in range(max(0, index - 3), index))


def _end(items: Items, index: int, out: Boundaries) -> bool:
    if not has(items, index, "end") or out.end_date:
        return False
    position = skip(items, index + 1, "end", "the", norms=(":",), limit=2)
    date = read_date(items, position)
    if date is not None and date[2]:
        if not out.start_date and not _about_runs(items, index):
            return False
        out.end_date = date[0]
        out.end_span = Span(items[index].start, items[date[1] - 1].end)
        out.taken.append((index, date[1]))
        return True
    if has(items, position, "edge") and items[position].concepts["edge"] == "year_end":
        year = number_at(items, position + 1)
        after = position + 2
        if year is None or not 1970 < year < 2200:
            year, after = (int(out.start_date[:4]) if out.start_date else 0), position + 1
        if year:
            out.end_date = f"{year:04d}-12-31"
        else:
            out.open_dates.append(items[position].norm)
        out.taken.append((index, after))
        return True
    return False


def _deadline_by(items: Items, index: int, out: Boundaries) -> bool:
    if not (has(items, index, "deadline_by") or _must_be_there(items, index)):
        return False
    if _sentence_has(items, index, 12, "latest_at") or _conditional(items, index):
        return False
    position = skip(items, index + 1, "the", "on", "at", "not_time", norms=(":", "is", "=", "latest"), limit=3)
    clock = read_clock(items, position, bare=True) or (
        read_clock(items, position - 1) if position > index + 1 else None
    )
    if clock is None or has(items, clock.next, "unit"):
        return False
    if has(items, index, "deadline_within") and items[position].kind == "number" and read_duration(items, position):
        # "SLA 2 hours" is a length, "SLA 08:00" a time of day.
        return False
    after = clock.next
    while has(items, after, "zone", "time_word") or (after < len(items) and items[after].norm in _DONE):
        after += 1
    span = Span(items[index].start, items[after - 1].end)
    _set_deadline(out, DeadlineSpec(by=f"{clock.hour:02d}:{clock.minute:02d}", evidence=span))
    out.taken.append((index, after))
    return True


_UNTIL = ("by", "before", "bis", "vor", "avant", "antes de", "ate", "antes das", "antes da")


def _must_be_there(items: Items, index: int) -> bool:
    """Whether "by" stands behind what has to be the case ("results have to be on the desk by 6:30")."""
    if items[index].norm not in _UNTIL or _sentence_has(items, index, 3, "run_verb"):
        return False
    clock = read_clock(items, skip(items, index + 1, "the", "at", limit=1), bare=True)
    return clock is not None and _sentence_has(items, index, 9, "must")


def _set_deadline(out: Boundaries, deadline: DeadlineSpec) -> None:
    """The first deadline holds; another one of the same kind is kept, so that the contradiction can be named."""
    known = out.deadline
    if known is None:
        out.deadline = deadline
    elif bool(known.by) == bool(deadline.by) and (known.by, known.within_seconds) != (
        deadline.by,
        deadline.within_seconds,
    ):
        out.other_deadline = out.other_deadline or deadline


def _conditional(items: Items, index: int) -> bool:
    """Whether the words stand in a condition ("if the file is not ready by ...")."""
    for position in range(index - 1, max(-1, index - 60), -1):
        item = items[position]
        if item.kind == "break":
            return False
        if item.norm in ("if", "unless", "wenn", "falls", "si", "se", "wait", "waits", "如果", "when"):
            return not _asks_for_the_end(items, position, index)
    return False


def _asks_for_the_end(items: Items, position: int, index: int) -> bool:
    """Whether a condition asks if the run is over ("if it is not finished by 5"): the deadline is said in it."""
    own = position + 1 < index and (
        items[position + 1].norm in ("it", "this", "everything", "er", "es", "il", "ça")
        or any(has(items, place, "run_subject") for place in range(position + 1, min(position + 4, index)))
    )
    missed = items[position].norm == "unless" or any(
        has(items, place, "negation") or items[place].norm in ("not", "isn't", "hasn't", "nicht", "pas", "n't")
        for place in range(position + 1, index)
    )
    return own and missed


_STEP_SAID = frozenset({"it", "this", "that", "job", "step", "task", "query", "this step", "that step", "them", "each"})
_WHOLE = frozenset(
    {"dag", "pipeline", "workflow", "whole thing", "entire run", "everything", "overall", "total", "whole"}
)


def _of_a_step(items: Items, index: int, after: int) -> bool:
    """Whether a timeout is given to a step: "with a timeout of 1 h" behind work, "a timeout of 1 h on it"."""
    if "timeout" not in items[index].norm.split() and "time" not in items[index].norm.split():
        return False
    behind = [items[place].norm for place in range(after, min(after + 4, len(items)))]
    if any(set(norm.split()) & _WHOLE or norm in _WHOLE for norm in behind):
        return False
    if len(behind) > 1 and behind[0] in ("on", "for", "to") and (set(behind[1:3]) & _STEP_SAID):
        return True
    first = index
    while first > 0 and items[first - 1].kind != "break":
        first -= 1
    said = [items[place].norm for place in range(first, index)]
    if len(said) > 2 and said[-3] in ("give", "allow") and said[-2] in _STEP_SAID:
        return True
    return "with" in said[-2:] and not any(norm in _WHOLE for norm in said)


def _deadline_within(items: Items, index: int, out: Boundaries) -> bool:
    fail = has(items, index, "deadline_fail")
    # "deadline 30 minutes": with a duration after it, the word that else stands before a time of day.
    plain = has(items, index, "deadline_by") and items[index].norm.split()[0] in ("deadline", "sla")
    if not (fail or plain or has(items, index, "deadline_within")):
        return False
    position = skip(
        items,
        index + 1,
        "deadline_within",
        "deadline_fail",
        "at",
        norms=(":", "=", "is", "of", "should", "be", "must"),
        limit=4,
    )
    duration = read_duration(items, position)
    if duration is None:
        return False
    seconds, after = duration
    norm = items[index].norm
    own_words = any(
        word in norm.split()
        for word in (
            "sla",
            "deadline",
            "frist",
            "délai",
            "plazo",
            "prazo",
            "finish",
            "complete",
            "done",
            "runtime",
            "dagrun",
            "dag",
            "run",
            "运行时间",
            "overall",
        )
    )
    if not own_words and not _sentence_has(items, index, 8, "run_subject", forward=6):
        return False
    if _sentence_has(items, index, 7, "step_word") and not own_words:
        return False
    if fail and not own_words and _of_a_step(items, index, after):
        return False
    span = Span(items[index].start, items[after - 1].end)
    _set_deadline(out, DeadlineSpec(within_seconds=seconds, fail=fail, evidence=span))
    out.taken.append((index, after))
    return True
