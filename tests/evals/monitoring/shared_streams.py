"""The development streams beside the repository, as they are, or with their anomalies taken out and others put in.

Every anomaly of that set has a stated size, so it can be undone (all but the exact runs of `missing`, which get a
neighbour's values). What remains are real run times, into which anomalies go with another seed and at other places:
more cases for learning and for cross-validation than the set itself has.
"""

from __future__ import annotations

import gzip
import json
import math
import random
import statistics
from pathlib import Path
from typing import Any

from tests.evals.monitoring.streams import Event, Slot, Stream, with_events

__all__ = ["reinjected", "shared_streams"]


def shared_streams(folder: Path) -> list[Stream]:
    """The streams of `streams.jsonl.gz` with the labels of `labels.json.gz`."""
    with gzip.open(folder / "labels.json.gz", "rt") as file:
        labels = json.load(file)["streams"]
    with gzip.open(folder / "streams.jsonl.gz", "rt") as file:
        return [_stream(json.loads(line), labels) for line in file]


def _stream(record: dict[str, Any], labels: dict[str, Any]) -> Stream:
    label = labels[record["id"]]
    slots = [
        Slot(t, bool(run), duration or 0.0, rows, delay or 0.0, tries)
        for t, run, duration, rows, delay, tries in record["points"]
    ]
    events = [Event(e["kind"], e["start"], e["end"], e["size"]) for e in label["events"]]
    benign = {item["i"]: item["kind"] for item in label["benign"]}
    return Stream(record["id"], record["cadence"], slots, set(label["ignore"]), benign, events)


def reinjected(streams: list[Stream], seed: int) -> list[Stream]:
    """The same base histories with anomalies of another seed."""
    made = []
    for stream in streams:
        chance = random.Random(f"{seed}/{stream.id}")  # noqa: S311 - a fixed seed, nothing secret
        made.append(with_events(_without_events(stream, chance), chance))
    return made


def _without_events(stream: Stream, chance: random.Random) -> Stream:
    slots = [Slot(**vars(slot)) for slot in stream.slots]
    for event in stream.events:
        _undo(slots, event, chance)
    return Stream(stream.id, stream.cadence, slots, set(stream.ignored), dict(stream.benign))


def _undo(slots: list[Slot], event: Event, chance: random.Random) -> None:
    inside = range(event.start, event.end + 1)
    runs = [index for index in inside if slots[index].ran]
    near = [
        slots[index]
        for index in range(max(0, event.start - 8), min(len(slots), event.end + 9))
        if slots[index].ran and index not in inside
    ]
    if event.kind in ("spike", "too_short", "level_shift", "drift"):
        _divide(slots, event, runs)
    if event.kind in ("too_short", "row_drop"):
        _restore_rows([slots[index] for index in runs], near, 0.1 if event.kind == "too_short" else 1.0, chance)
    elif event.kind == "variance":
        middle = statistics.median(math.log(slot.duration) for slot in near)
        for index in runs:
            rest = math.log(slots[index].duration) - middle
            slots[index].duration = math.exp(middle + rest / (event.size or 1.0))
    elif event.kind == "late_start":
        for index in runs:
            slots[index].delay = chance.choice(near).delay
    elif event.kind == "missing":
        for index in set(inside) - set(runs):
            slots[index] = Slot(**{**vars(chance.choice(near)), "t": slots[index].t, "try_number": 1})


def _restore_rows(hit: list[Slot], near: list[Slot], below: float, chance: random.Random) -> None:
    """Give runs that wrote less than a share of the usual a neighbour's rows."""
    usual = statistics.median([slot.rows for slot in near if slot.rows is not None] or [0])
    for slot in hit:
        if slot.rows is not None and slot.rows < below * usual:
            slot.rows = chance.choice(near).rows


def _divide(slots: list[Slot], event: Event, runs: list[int]) -> None:
    size = event.size or 1.0
    for place, index in enumerate(runs):
        share = (place + 1) / len(runs) if event.kind == "drift" else 1.0
        slots[index].duration /= size**share
    if event.kind in ("level_shift", "drift"):
        for slot in slots[event.end + 1 :]:
            slot.duration /= size
