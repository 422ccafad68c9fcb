"""How good alerts on streams with known anomalies are.

An event is found if there is an alert in its window, which lasts some slots longer than the anomaly (the effect is
seen at the next run). Alerts elsewhere are false; false ones at most two slots apart are one false message.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.evals.monitoring.streams import PROBATION, Stream

__all__ = ["Figures", "Outcome", "judge", "owners"]

_LONGER = {"variance": 2, "drift": 3, "level_shift": 0}
NORMAL, UNSCORED = -1, -2


def owners(stream: Stream) -> list[int]:
    """For each slot the number of the event whose window it is in, or `NORMAL`, or `UNSCORED`."""
    found = [NORMAL] * len(stream.slots)
    for index in (*range(min(PROBATION, len(found))), *stream.ignored):
        found[index] = UNSCORED
    for number, event in enumerate(stream.events):
        for index in range(event.start, min(len(found), event.end + _LONGER.get(event.kind, 1) + 1)):
            found[index] = number
    return found


@dataclass
class Outcome:
    """What the alerts on one stream came to."""

    found: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    named_right: int = 0
    false_points: int = 0
    false_messages: int = 0
    normal: int = 0
    month_ends: int = 0
    month_end_alerts: int = 0


def judge(stream: Stream, alerts: Sequence[str | None], owner: list[int] | None = None) -> Outcome:
    """Hold the alerts (the kind, or None, for each slot) against the events of the stream."""
    outcome, owner = Outcome(), owner or owners(stream)
    first: dict[int, str] = {}
    last_false = -10
    for index, (number, kind) in enumerate(zip(owner, alerts, strict=True)):
        if number >= 0 and kind:
            first.setdefault(number, kind)
        if number != NORMAL:
            continue
        outcome.normal += 1
        month_end = stream.benign.get(index) == "month_end"
        outcome.month_ends += month_end
        if kind:
            outcome.month_end_alerts += month_end
            outcome.false_points += 1
            outcome.false_messages += index - last_false > 2
            last_false = index
    for number, event in enumerate(stream.events):
        outcome.events[event.kind] += 1
        outcome.found[event.kind] += number in first
        outcome.named_right += first.get(number, "").removesuffix("_run") == event.kind
    return outcome


class Figures:
    """The figures of many streams together."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        self.outcomes = outcomes
        self.found: Counter[str] = sum((item.found for item in outcomes), Counter())
        self.events: Counter[str] = sum((item.events for item in outcomes), Counter())
        self.false_messages = sum(item.false_messages for item in outcomes)
        self.false_points = sum(item.false_points for item in outcomes)
        self.normal = sum(item.normal for item in outcomes)

    @property
    def recall(self) -> float:
        """Share of all events that are found."""
        return self.found.total() / max(1, self.events.total())

    @property
    def precision(self) -> float:
        """Share of messages that are about an event."""
        return self.found.total() / max(1, self.found.total() + self.false_messages)

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        both = self.recall + self.precision
        return 2 * self.recall * self.precision / both if both else 0.0

    @property
    def false_per_1000(self) -> float:
        """False alert points in a thousand normal ones."""
        return 1000 * self.false_points / max(1, self.normal)

    @property
    def month_end_rate(self) -> float:
        """Share of the heavier month ends with an alert."""
        runs = sum(item.month_ends for item in self.outcomes)
        return sum(item.month_end_alerts for item in self.outcomes) / runs if runs else math.nan

    def recall_of(self, kind: str) -> float:
        """Share of the events of a kind that are found."""
        return self.found[kind] / self.events[kind] if self.events[kind] else math.nan

    def f1_interval(self, rounds: int = 300) -> tuple[float, float]:
        """The 95 % bootstrap interval of F1 over streams."""
        chance = random.Random(0)  # noqa: S311 - a fixed seed, nothing secret
        values = sorted(Figures(chance.choices(self.outcomes, k=len(self.outcomes))).f1 for _ in range(rounds))
        return values[int(0.025 * rounds)], values[int(0.975 * rounds)]

    def __str__(self) -> str:
        kinds = "  ".join(f"{kind} {self.recall_of(kind):.2f}" for kind in sorted(self.events))
        return (
            f"F1 {self.f1:.3f}  recall {self.recall:.3f}  precision {self.precision:.3f}  "
            f"false {self.false_per_1000:.2f} per 1000  month end {self.month_end_rate:.2f}  {kinds}"
        )
