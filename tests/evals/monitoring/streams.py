"""Run histories with known anomalies: the project's own set, made by stated laws, and the laws of the anomalies.

A history has a rhythm (hourly, daily, weekdays, irregular gaps of log-normal length) and 60 to 200 slots. Its
durations follow one of five laws of noise (normal, heavy-tailed, two-humped, skewed, autocorrelated; spread 0.01 to 0.5
on the log), a slow walk, now and then a jump of their own, and the power 0 to 0.8 of the rows. Rows have a factor per
weekday, or a bow over the day. A quarter of the daily histories is heavier on the last day of each month. Delays are
log-normal with rare longer ones. What jumps by itself, or lies far out by itself, is listed as `ignored`.

`with_events` puts anomalies into any history, also into one that is not made.
"""

from __future__ import annotations

import datetime as dt
import math
import random
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field

from airflow_provider_wfintel.engine.monitoring.anomalies.points import RunPoint
from airflow_provider_wfintel.engine.monitoring.anomalies.run_calendar import RunCalendar

__all__ = ["PROBATION", "Event", "Slot", "Stream", "made_streams", "spread", "with_events"]

PROBATION = 20
"""Slots at the start of a history that nobody judges."""

_APART = 15
_STEPS = {"hourly": 3600, "daily": 86_400, "weekday": 86_400}


@dataclass(frozen=True)
class Event:
    """An anomaly in the slots `start` to `end`; `size` is the factor, where there is one."""

    kind: str
    start: int
    end: int
    size: float | None = None


@dataclass
class Slot:
    """A slot of the calendar, with or without a run."""

    t: float
    ran: bool = True
    duration: float = 0.0
    rows: int | None = None
    delay: float = 0.0
    try_number: int = 1

    def point(self) -> RunPoint:
        """The slot as detectors see it."""
        if not self.ran:
            return RunPoint(self.t, ran=False)
        return RunPoint(self.t, True, self.duration, self.rows, self.delay, self.try_number)


@dataclass
class Stream:
    """A history. `ignored` slots are odd by themselves and judged neither way; `benign` ones must raise no alert."""

    id: str
    cadence: str
    slots: list[Slot]
    ignored: set[int] = field(default_factory=set)
    benign: dict[int, str] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)


def spread(values: list[float]) -> float:
    """The robust spread around the running median of 17."""
    rests = [abs(value - statistics.median(values[max(0, i - 8) : i + 9])) for i, value in enumerate(values)]
    return max(1.4826 * statistics.median(rests), 1e-3)


# ------------------------------------------------------------------------------------------- histories


def made_streams(number: int, *, seed: int, events: bool = True) -> Iterator[Stream]:
    """So many histories; the same seed gives the same."""
    for index in range(number):
        chance = random.Random(f"{seed}/{index}")  # noqa: S311 - a fixed seed, nothing secret
        stream = _history(f"made{seed}-{index}", chance)
        yield with_events(stream, chance) if events else stream


def _history(name: str, chance: random.Random) -> Stream:
    cadence = chance.choices(("daily", "hourly", "weekday", "irregular"), (40, 30, 20, 10))[0]
    slots = _slots(cadence, chance.randint(60, 200), chance)
    stream = Stream(name, cadence, slots)
    runs = [slot for slot in slots if slot.ran]
    has_rows = chance.random() < 0.7
    power = chance.uniform(0, 0.8) if has_rows else 0.0
    moved = _rows(cadence, runs, chance) if has_rows else [0.0] * len(runs)
    noise = _noise(len(runs), chance)
    level = math.log(chance.choice((8, 30, 90, 300, 1500)) * chance.uniform(0.6, 1.8))
    walk = 0.0
    jumps = {i: chance.choice((-1, 1)) * chance.uniform(0.15, 0.8) for i in range(len(runs)) if chance.random() < 0.005}
    delays = _delays(len(runs), chance)
    for index, slot in enumerate(runs):
        walk += chance.gauss(0, 0.003) + jumps.get(index, 0.0)
        slot.duration = math.exp(level + walk + power * moved[index] + noise[index])
        slot.delay = delays[index]
    _month_ends(stream, chance)
    _retries(stream, chance)
    stream.ignored = _odd(slots, {id(runs[index]) for index in jumps})
    for slot in runs:
        slot.duration = round(slot.duration, 2)
    return stream


def _slots(cadence: str, count: int, chance: random.Random) -> list[Slot]:
    t = dt.datetime(2025, chance.randint(1, 9), chance.randint(1, 28), tzinfo=dt.timezone.utc).timestamp()
    if cadence == "irregular":
        gap = chance.uniform(600, 20_000)
        slots = []
        for _ in range(count):
            t += math.floor(gap * math.exp(chance.gauss(0, 0.7)))
            slots.append(Slot(t))
        return slots
    t += 3600 * chance.randint(0, 23)
    slots = [Slot(t + index * _STEPS[cadence]) for index in range(count)]
    if cadence == "weekday":
        for slot in slots:
            slot.ran = dt.datetime.fromtimestamp(slot.t, dt.timezone.utc).weekday() < 5
    return slots


def _rows(cadence: str, runs: list[Slot], chance: random.Random) -> list[float]:
    """Give the runs rows, and return how far they are from the mean on the log."""
    level = math.log(chance.choice((300, 8_000, 90_000, 1_500_000)) * chance.uniform(0.5, 2))
    sd, moved = chance.choice((0.03, 0.08, 0.2)), []
    bow, top = chance.uniform(0.1, 1.0), chance.uniform(0, 24)
    weekdays = [chance.gauss(0, chance.choice((0.0, 0.1, 0.3))) for _ in range(7)]
    drift, rest = 0.0, 0.0
    for slot in runs:
        moment = dt.datetime.fromtimestamp(slot.t, dt.timezone.utc)
        drift += chance.gauss(0, 0.0015)
        rest = 0.5 * rest + chance.gauss(0, sd)
        value = drift + rest
        of_day = bow * math.cos((moment.hour - top) * math.pi / 12)
        value += of_day if cadence == "hourly" else weekdays[moment.weekday()]
        slot.rows = max(0, round(math.exp(level + value)))
        moved.append(value)
    return moved


def _noise(count: int, chance: random.Random) -> list[float]:
    sd = math.exp(chance.uniform(math.log(0.01), math.log(0.5)))
    law = chance.choice(("normal", "heavy", "humps", "skewed", "slow"))
    gap, share, last = chance.uniform(2, 7) * min(sd, 0.12), chance.uniform(0.05, 0.5), 0.0
    values = []
    for _ in range(count):
        value = chance.gauss(0, sd)
        if law == "heavy":
            value /= math.sqrt(chance.gammavariate(1.5, 1 / 1.5) + 1e-3)
            value = max(-6 * sd, min(6 * sd, value))
        elif law == "humps":
            value = 0.4 * value + (gap if chance.random() < share else 0.0)
        elif law == "skewed":
            value = sd * (chance.expovariate(0.8) - 1.25)
        elif law == "slow":
            last = 0.6 * last + 0.8 * value
            value = last
        values.append(value)
    return values


def _delays(count: int, chance: random.Random) -> list[float]:
    middle, sd = chance.choice((2, 4, 8, 15)) * chance.uniform(0.7, 1.4), chance.choice((0.1, 0.25, 0.5))
    return [
        round(middle * math.exp(chance.gauss(0, sd)) * (chance.uniform(2, 6) if chance.random() < 0.02 else 1), 1)
        for _ in range(count)
    ]


def _month_ends(stream: Stream, chance: random.Random) -> None:
    if stream.cadence not in ("daily", "weekday") or chance.random() >= 0.25:
        return
    calendar, heavier = RunCalendar(stream.cadence), chance.uniform(1.3, 2.0)  # type: ignore[arg-type]
    for index, slot in enumerate(stream.slots):
        if slot.ran and calendar.slot(slot.t).month_end:
            slot.duration *= heavier * math.exp(chance.gauss(0, 0.03))
            slot.rows = None if slot.rows is None else round(slot.rows * heavier)
            stream.benign[index] = "month_end"


def _retries(stream: Stream, chance: random.Random) -> None:
    for index, slot in enumerate(stream.slots):
        if slot.ran and index not in stream.benign and chance.random() < 0.02:
            slot.try_number = 2
            stream.benign[index] = "retry"


def _odd(slots: list[Slot], jumped: set[int]) -> set[int]:
    """Runs that are odd by themselves: beyond 6 spreads of their neighbours, or near a jump."""
    places = [index for index, slot in enumerate(slots) if slot.ran]
    values = [math.log(slots[index].duration) for index in places]
    sd, found = spread(values), set()
    for place, index in enumerate(places):
        middle = statistics.median(values[max(0, place - 8) : place + 9])
        if abs(values[place] - middle) > max(6 * sd, 0.25):
            found.add(index)
        if id(slots[index]) in jumped:
            found.update(places[max(0, place - 6) : place + 7])
    return found


# ------------------------------------------------------------------------------------------- anomalies


def with_events(stream: Stream, chance: random.Random) -> Stream:
    """Put up to three anomalies into the history (none in a fifth of all), at least 15 slots apart."""
    wanted = 0 if chance.random() < 0.2 else chance.choice((1, 1, 2, 2, 3))
    first = PROBATION
    for left in range(wanted, 0, -1):
        places = [i for i in range(first, len(stream.slots) - 2) if stream.slots[i].ran and i not in stream.ignored]
        reach = max(_APART, (len(stream.slots) - first) // left)
        places = [i for i in places if i < places[0] + reach]
        if not places:
            break
        event = _put(stream, chance.choice(_kinds(stream)), chance.choice(places), chance)
        if event is not None:
            stream.events.append(event)
            first = event.end + _APART + 1
    for event in stream.events:
        stream.ignored -= set(range(event.start, event.end + 1))
    for slot in stream.slots:
        slot.duration = round(slot.duration, 2)
    return stream


def _kinds(stream: Stream) -> list[str]:
    kinds = ["spike", "drift", "level_shift", "variance", "too_short", "late_start"]
    if all(slot.rows is not None for slot in stream.slots if slot.ran):
        kinds.append("row_drop")
    return kinds if stream.cadence == "irregular" else [*kinds, "missing"]


def _put(stream: Stream, kind: str, place: int, chance: random.Random) -> Event | None:
    runs = [index for index in range(place, len(stream.slots)) if stream.slots[index].ran]
    slots = stream.slots
    sd = spread([math.log(slot.duration) for slot in slots if slot.ran])
    if kind == "spike":
        size = min(8.0, math.exp(max(math.log(1.5), chance.uniform(4, 10) * sd)))
        slots[place].duration *= size
        return Event(kind, place, place, size)
    if kind == "too_short":
        return _do_nothing(slots[place], place, chance)
    if kind == "late_start":
        delays = sorted(slot.delay for slot in slots if slot.ran)
        slots[place].delay += 60 + chance.uniform(1.5, 5) * delays[int(0.98 * (len(delays) - 1))]
        return Event(kind, place, place)
    if kind in ("missing", "row_drop"):
        return _short_window(stream, kind, runs, chance)
    return _lasting(stream, kind, runs, sd, chance)


def _do_nothing(slot: Slot, place: int, chance: random.Random) -> Event:
    size = chance.uniform(0.01, 0.25)
    slot.duration = max(0.01, slot.duration * size)
    if slot.rows is not None and chance.random() < 0.6:
        slot.rows = int(slot.rows * chance.uniform(0, 0.05))
    return Event("too_short", place, place, size)


def _short_window(stream: Stream, kind: str, runs: list[int], chance: random.Random) -> Event:
    slots = stream.slots
    if kind == "missing":
        hit = runs[: chance.randint(1, 2)]
        for index in hit:
            slots[index] = Slot(slots[index].t, ran=False)
        return Event(kind, hit[0], hit[-1])
    rows = [math.log(slot.rows + 1) for slot in slots if slot.ran and slot.rows is not None]
    size = min(chance.uniform(0, 0.5), math.exp(-4 * spread(rows)))
    hit = runs[: chance.randint(1, 3)]
    for index in hit:
        slots[index].rows = int((slots[index].rows or 0) * size)
    return Event(kind, hit[0], hit[-1], size)


def _lasting(stream: Stream, kind: str, runs: list[int], sd: float, chance: random.Random) -> Event | None:
    length = {"level_shift": 8, "variance": 15, "drift": chance.randint(12, 30)}[kind]
    if length > len(runs):
        return None
    slots, most = stream.slots, math.log(4)
    if kind == "variance":
        size = chance.uniform(3, 5)
        values = {index: math.log(slots[index].duration) for index in range(len(slots)) if slots[index].ran}
        for index in runs[:length]:
            near = [value for other, value in values.items() if abs(other - index) <= 8]
            slots[index].duration *= math.exp((size - 1) * (values[index] - statistics.median(near)))
        return Event(kind, runs[0], runs[length - 1], size)
    if kind == "level_shift":
        height = min(most, max(math.log(1.3), chance.uniform(3, 6) * sd)) * (-1 if chance.random() < 0.15 else 1)
    else:
        height = min(most, max(math.log(1.4), chance.uniform(4, 8) * sd))
    for place, index in enumerate(runs):
        share = 1.0 if kind == "level_shift" else min(1.0, (place + 1) / length)
        slots[index].duration *= math.exp(height * share)
    return Event(kind, runs[0], runs[length - 1], math.exp(height))
