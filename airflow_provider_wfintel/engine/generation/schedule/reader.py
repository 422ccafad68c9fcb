"""`read_schedule`: a description in words becomes a schedule, and everything that the words leave open is told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from airflow_provider_wfintel.engine.generation.schedule import events
from airflow_provider_wfintel.engine.generation.schedule.boundaries import Boundaries, mask, read_boundaries
from airflow_provider_wfintel.engine.generation.schedule.combine import Combined, combine, span_of
from airflow_provider_wfintel.engine.generation.schedule.compose import Composed, compose
from airflow_provider_wfintel.engine.generation.schedule.crontab import CronFound, find_cron
from airflow_provider_wfintel.engine.generation.schedule.describe import describe
from airflow_provider_wfintel.engine.generation.schedule.groups import Group, find_groups
from airflow_provider_wfintel.engine.generation.schedule.lexicon import Item, read_items
from airflow_provider_wfintel.engine.generation.schedule.reading import ScheduleReading
from airflow_provider_wfintel.engine.generation.schedule.runs import is_cron, next_runs
from airflow_provider_wfintel.engine.model import (
    Assumption,
    CalendarGate,
    Caution,
    Question,
    Schedule,
    ScheduleKind,
    Span,
)

__all__ = ["read_schedule"]

_OPTIONS = ("hourly", "daily at 06:00", "weekly on Monday", "only when triggered")


@dataclass(slots=True)
class _Draft:
    text: str
    schedule: Schedule = field(default_factory=Schedule)
    spans: list[Span] = field(default_factory=list)
    assumptions: list[Assumption] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    warnings: list[Caution] = field(default_factory=list)

    def assume(self, text: str, about: str = "schedule") -> None:
        self.assumptions.append(Assumption(about, text, self.spans[0] if self.spans else None))

    def ask(
        self, text: str, span: Span | None = None, about: str = "schedule", options: tuple[str, ...] = _OPTIONS
    ) -> None:
        self.questions.append(Question(about, text, options, span))

    def warn(self, text: str, span: Span | None = None, about: str = "schedule") -> None:
        self.warnings.append(Caution(about, text, span))

    def contradict(self, both: str, used: str, span: Span | None, about: str = "schedule") -> None:
        """Warn of two things that cannot both hold and say which one is used."""
        self.warn(f"contradiction: {both}; {used} is used", span, about)


def read_schedule(text: str) -> ScheduleReading:
    """Read when a DAG runs from a description in words (English, German, French, Spanish, Portuguese, Chinese).

    A phrase that the grammar does not know is a question in the reading, never a guess. No text raises.
    """
    draft = _Draft(text)
    cron = find_cron(text)
    if cron is not None:
        blank = " " * (cron.span.end - cron.span.start)
        items = read_items(text[: cron.span.start] + blank + text[cron.span.end :])
    else:
        items = read_items(text)
    boundaries = read_boundaries(items)
    items = mask(items, boundaries.taken)
    assets = events.find_assets(text, items)
    rest = items if assets is None else mask(items, [(assets.first, assets.after)])
    groups = find_groups(rest)
    found = combine(rest, groups)
    _conflicts(draft, found)
    if assets is not None:
        _from_assets(draft, items, assets, found)
    elif cron is not None:
        _from_cron(draft, cron, found)
    elif not _from_events(draft, items, found, boundaries):
        _from_phrases(draft, found, items)
    _zone(draft, rest, groups, cron)
    _disagreements(draft, items, boundaries)
    return _finish(draft, items, boundaries)


def _quote(text: str, span: Span) -> str:
    return "'" + " ".join(span.of(text).split()) + "'"


def _conflicts(draft: _Draft, found: Combined) -> None:
    for first, second in found.conflicts:
        both = f"{_quote(draft.text, first)} and {_quote(draft.text, second)}"
        draft.warn(f"contradiction: {both} cannot both be the schedule; the first is used", second)
        draft.ask(f"contradiction in the schedule: {both}. How often should the DAG run?", second)


def _from_cron(draft: _Draft, cron: CronFound, found: Combined) -> None:
    draft.spans.append(cron.span)
    if cron.problem:
        draft.schedule = Schedule(stated=True)
        draft.ask(f"the schedule '{cron.expression}' {cron.problem}; how often should the DAG run?", cron.span)
        return
    if cron.expression in ("@once", "@continuous"):
        kind: ScheduleKind = "once" if cron.expression == "@once" else "continuous"
        draft.schedule = Schedule(kind=kind, stated=True)
        return
    if cron.interval_seconds:
        draft.schedule = Schedule(kind="interval", interval_seconds=cron.interval_seconds, stated=True)
        return
    draft.schedule = Schedule(kind="cron", crons=(cron.expression,), stated=True)
    if found.phrases and (found.strength >= 3 or (found.strength == 2 and _longer_than_a_day(found))):
        spoken = _schedule_of([compose(phrase) for phrase in found.phrases])
        if spoken.crons and not any(
            name in phrase for phrase in found.phrases for name in ("times", "minute", "minutes")
        ):
            spoken = _at_the_time_of(cron.expression, spoken)
        if (spoken.crons or spoken.interval_seconds) and not _same_runs(draft.schedule, spoken):
            words = " ".join(_quote(draft.text, span) for span in found.spans[:1])
            both = f"the cron expression '{cron.expression}' and {words}"
            draft.warn(f"contradiction: {both} differ; the expression is used", found.spans[0])
            draft.ask(f"contradiction in the schedule: {both} differ. Which of them is right?", found.spans[0])
        else:
            draft.spans.extend(found.spans)


def _at_the_time_of(expression: str, spoken: Schedule) -> Schedule:
    """Words that name no time ("each morning") are compared by their days only."""
    minute, hour = expression.split()[:2]
    daily = [cron for cron in spoken.crons if "*" not in cron.split()[1] and "/" not in cron.split()[0]]
    if len(daily) != len(spoken.crons):
        return spoken
    return replace(spoken, crons=tuple(" ".join((minute, hour, *cron.split()[2:])) for cron in daily))


def _longer_than_a_day(found: Combined) -> bool:
    """Whether the words name a rhythm of weeks or more: beside a cron expression even a "weekly run" is about runs."""
    return any(phrase.get("step", (1, ""))[1] in ("week", "month", "quarter", "year") for phrase in found.phrases)


def _same_runs(first: Schedule, second: Schedule) -> bool:
    after = "2026-01-01T00:00:00"
    return next_runs(first, after) == next_runs(second, after)


def _from_assets(draft: _Draft, items: Sequence[Item], assets: events.AssetTrigger, found: Combined) -> None:
    draft.spans.append(span_of(items, assets.first, assets.after))
    condition = assets.condition
    if assets.latest is not None:
        cron = f"{assets.latest.minute} {assets.latest.hour} * * *"
        draft.schedule = Schedule(kind="asset_or_cron", crons=(cron,), assets=condition, stated=True)
    elif found.strength >= 3 and found.phrases:
        clock = _schedule_of([compose(phrase) for phrase in found.phrases])
        if clock.crons:
            draft.schedule = replace(clock, kind="asset_or_cron", assets=condition, stated=True)
            draft.spans.extend(found.spans)
            draft.warn("the DAG runs both on asset updates and by the clock", found.spans[0])
            return
        draft.schedule = Schedule(kind="asset", assets=condition, stated=True)
    else:
        draft.schedule = Schedule(kind="asset", assets=condition, stated=True)


def _from_events(draft: _Draft, items: Sequence[Item], found: Combined, boundaries: Boundaries) -> bool:
    """Manual, once, continuous: they count if no clear rhythm is said beside them."""
    once = events.find_once(items)
    if once is not None and (once[0] or found.strength < 3):
        draft.spans.append(span_of(items, once[1], once[2]))
        draft.schedule = Schedule(kind="once", stated=True)
        if once[0] and not boundaries.start_date:
            boundaries.start_date = once[0]
        return True
    if found.strength >= 3:
        return False
    continuous = events.find_continuous(items)
    if continuous is not None:
        draft.spans.append(span_of(items, *continuous))
        draft.schedule = Schedule(kind="continuous", stated=True)
        return True
    manual = events.find_manual(items)
    if manual is not None:
        draft.spans.append(span_of(items, *manual))
        draft.schedule = Schedule(stated=True)
        return True
    return False


def _schedule_of(pieces: Sequence[Composed]) -> Schedule:
    crons = tuple(dict.fromkeys(cron for piece in pieces for cron in piece.crons if is_cron(cron)))
    gate: CalendarGate | None = next((piece.gate for piece in pieces if piece.gate is not None), None)
    interval = next((piece.interval_seconds for piece in pieces if piece.interval_seconds), 0.0)
    if crons:
        return Schedule(kind="cron", crons=crons, gate=gate, stated=True)
    if interval:
        anchor = next((piece.anchor_time for piece in pieces if piece.anchor_time), "")
        return Schedule(kind="interval", interval_seconds=interval, anchor_time=anchor, stated=True)
    return Schedule(stated=True)


def _from_phrases(draft: _Draft, found: Combined, items: Sequence[Item]) -> None:
    if not found.phrases:
        _nothing_said(draft, found, items)
        return
    draft.spans.extend(found.spans)
    pieces = [compose(phrase) for phrase in found.phrases]
    draft.schedule = _schedule_of(pieces)
    words = _quote(draft.text, found.spans[0])
    if not any(
        name in phrase
        for phrase in found.phrases
        for name in ("step", "count", "days", "nth", "dom", "edge", "business", "dates", "minute")
    ):
        draft.assume(f"{words} names a time and no frequency: a daily schedule is assumed")
    elif found.strength == 2:
        draft.assume(f"the schedule is taken from {words}")
    for piece in pieces:
        for sentence in dict.fromkeys(piece.assumed):
            draft.assume(sentence)
        for sentence in piece.problems:
            draft.ask(sentence, found.spans[0])
        for sentence in piece.cautions:
            draft.warn(sentence, found.spans[0])
    _impossible_times(draft)
    _rhythm_and_time(draft, found)
    gates = [piece.gate for piece in pieces if piece.gate is not None]
    if gates and len(pieces) > 1:
        draft.ask("does the rule about dates hold for all parts of the schedule?", found.spans[0])
    if draft.schedule.kind == "manual" and not draft.questions:
        draft.ask(f"the schedule {words} is not understood; how often should the DAG run?", found.spans[0])


_ONLY = re.compile(r"\b(?:only|nur|uniquement|seulement|solo|sólo|apenas|somente)\b|只|仅", re.IGNORECASE)
_FROM_THEN = re.compile(r"\b(?:start\w*|from|beginning|ab|beginnend|from|à partir|a partir|desde)\b", re.IGNORECASE)


def _rhythm_and_time(draft: _Draft, found: Combined) -> None:
    """Name "hourly at 6:00 am" and "daily at 3 and only on Mondays at 9": one of the two cannot be meant."""
    words = found.spans[0].of(draft.text)
    first = found.phrases[0]
    hourly = first.get("step") == (1, "hour") and len(first.get("times", ())) == 1 and "window" not in first
    if hourly and not _FROM_THEN.search(words):
        draft.contradict(
            f"{_quote(draft.text, found.spans[0])} names a rhythm of hours and one time of day",
            "the rhythm",
            found.spans[0],
        )
    times = first.get("times", ())
    if first.get("count") == (1, "day") and len(times) > 1:
        draft.contradict(
            f"{_quote(draft.text, found.spans[0])} names one run a day and {len(times)} times",
            "every time",
            found.spans[0],
        )
        draft.ask(f"contradiction: once a day, or at each of the {len(times)} times?", found.spans[0])
    days = [any(name in phrase for name in ("days", "nth", "dom", "business")) for phrase in found.phrases]
    if len(days) > 1 and any(days) and not all(days) and _ONLY.search(words):
        draft.contradict(
            f"{_quote(draft.text, found.spans[0])} names two schedules; both", "every time", found.spans[0]
        )


_NO_TIME = re.compile(r"(?<![\w:.])(\d{2}):(\d{2})(?![\w:])")


def _impossible_times(draft: _Draft) -> None:
    """Ask about clock times that do not exist ("25:00") beside the words of the schedule."""
    for match in _NO_TIME.finditer(draft.text):
        span = Span(*match.span())
        near = any(span.start - known.end < 12 and known.start - span.end < 12 for known in draft.spans)
        if near and (int(match.group(1)) > 24 or int(match.group(2)) > 59):
            draft.ask(f"{_quote(draft.text, span)} is no time of day: when should the schedule run?", span)


def _nothing_said(draft: _Draft, found: Combined, items: Sequence[Item]) -> None:
    draft.schedule = Schedule()
    vague = events.find_unspecific(items)
    if vague is not None:
        span = span_of(items, *vague)
        draft.ask(f"the schedule is only said as {_quote(draft.text, span)}; how often should the DAG run?", span)
    elif found.data_words:
        span = found.data_words[0]
        draft.ask(
            f"how often should the DAG run? {_quote(draft.text, span)} seems to speak of the data, not of the schedule",
            span,
        )
    else:
        draft.ask("how often should the DAG run? No schedule is given, so it runs only when triggered")


def _zone(draft: _Draft, items: Sequence[Item], groups: Sequence[Group], cron: CronFound | None) -> None:
    if draft.schedule.kind not in ("cron", "asset_or_cron"):
        return
    zones = [(group, part) for group in groups for part in group.parts if part.slot == "zone"]
    used = list(draft.spans)
    beside = [
        part for group, part in zones if any(span_of(items, group.first, group.after).overlaps(span) for span in used)
    ]
    near = [part for _, part in zones if cron is not None and 0 <= items[part.first].start - cron.span.end <= 30]
    apart = [part for _, part in zones if part.value[1]]
    chosen = next(iter(beside or near or apart), None)
    unknown = next((part for group in groups for part in group.parts if part.slot == "unknown_zone"), None)
    if chosen is not None:
        draft.schedule = replace(draft.schedule, timezone=chosen.value[0], timezone_stated=True)
        draft.spans.append(span_of(items, chosen.first, chosen.after))
        # A second zone in the same breath is the same time told again ("04:30 CST (10:30 UTC)").
        home = next(group for group, part in zones if part is chosen)
        far = [part for group, part in zones if group is not home and (part in beside or part in apart)]
        other = next((part for part in far if part.value[0] != chosen.value[0]), None)
        if other is not None:
            spans = [span_of(items, part.first, part.after) for part in (chosen, other)]
            both = " and ".join(_quote(draft.text, span) for span in spans)
            draft.contradict(f"two time zones, {both}", f"{chosen.value[0]}", spans[1], about="timezone")
    elif unknown is not None:
        span = span_of(items, unknown.first, unknown.after)
        draft.ask(
            f"which time zone is {_quote(draft.text, span)}? The schedule is in UTC until then", span, "timezone", ()
        )
    elif not _clockless(draft.schedule):
        draft.assume("no time zone is named: the times of the schedule are UTC", "timezone")


def _clockless(schedule: Schedule) -> bool:
    """Whether the runs are the same in every zone ("every 15 minutes")."""
    return all(cron.split()[1] == "*" and cron.endswith("* * *") for cron in schedule.crons)


def _disagreements(draft: _Draft, items: Sequence[Item], boundaries: Boundaries) -> None:
    """Name what cannot hold together: by hand and by the clock, once and catch-up, end and start, two deadlines."""
    schedule = draft.schedule
    only = events.find_only_manual(items)
    if only is not None and schedule.kind in ("cron", "interval"):
        span = span_of(items, *only)
        draft.contradict(
            f"{_quote(draft.text, span)} and the schedule {_quote(draft.text, draft.spans[0])}", "the schedule", span
        )
    caught = boundaries.catchup_words
    if len(caught) == 2:
        both = " and ".join(_quote(draft.text, span) for span in caught.values())
        draft.contradict(both, "the first", min(caught.values()), about="catchup")
    elif schedule.kind == "once" and boundaries.catchup:
        words = _quote(draft.text, caught[True])
        draft.contradict(
            f"a DAG that runs once has nothing to catch up, and {words}",
            "the single run",
            caught[True],
            about="catchup",
        )
    if boundaries.start_date and boundaries.end_date and boundaries.end_date < boundaries.start_date:
        both = f"the end {boundaries.end_date} is before the start {boundaries.start_date}"
        draft.contradict(both, "the start", boundaries.end_span, about="end_date")
        boundaries.end_date = ""
    if boundaries.deadline is not None and boundaries.other_deadline is not None:
        spans = [
            item.evidence for item in (boundaries.deadline, boundaries.other_deadline) if item.evidence is not None
        ]
        both = " and ".join(_quote(draft.text, span) for span in spans)
        draft.contradict(f"two deadlines, {both}", "the first", spans[-1], about="deadline")


def _finish(draft: _Draft, items: Sequence[Item], boundaries: Boundaries) -> ScheduleReading:
    for words in boundaries.open_dates:
        draft.ask(f"which year is meant by the date {words.lstrip('-')!r} beside the schedule?", None, "start_date", ())
    evidence = tuple(sorted(set(draft.spans)))
    schedule = replace(draft.schedule, evidence=evidence)
    schedule = replace(schedule, words=describe(schedule))
    taken = [span_of(items, first, after) for first, after in boundaries.taken]
    return ScheduleReading(
        schedule=schedule,
        start_date=boundaries.start_date,
        end_date=boundaries.end_date,
        catchup=boundaries.catchup,
        deadline=boundaries.deadline,
        consumed=tuple(sorted({*evidence, *taken})),
        assumptions=tuple(dict.fromkeys(draft.assumptions)),
        questions=tuple(dict.fromkeys(draft.questions)),
        warnings=tuple(dict.fromkeys(draft.warnings)),
    )
