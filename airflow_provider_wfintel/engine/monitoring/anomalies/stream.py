"""The detector of one stream of runs: it judges each point against what came before, then remembers it.

All state is plain JSON (`state_dict`, `from_state`); a stream that was saved and loaded answers like one that was not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from airflow_provider_wfintel.engine.monitoring.anomalies.detectors import DETECTORS, AnyDetector
from airflow_provider_wfintel.engine.monitoring.anomalies.findings import (
    AnomalyFinding,
    Verdict,
    score_of,
    severity_of,
)
from airflow_provider_wfintel.engine.monitoring.anomalies.history import History
from airflow_provider_wfintel.engine.monitoring.anomalies.moment import FEWEST_RUNS, Moment, look
from airflow_provider_wfintel.engine.monitoring.anomalies.points import AnomalyKind, RunPoint
from airflow_provider_wfintel.engine.monitoring.anomalies.run_calendar import RunCalendar
from airflow_provider_wfintel.exceptions import UserInputError

__all__ = ["STATE_VERSION", "Mark", "RunStream"]

STATE_VERSION = 1

Opinion: TypeAlias = Literal["false_alarm", "incident"]

_FALSE_ALARM_STEP, _INCIDENT_STEP = 0.7, -0.4
"""What one mark moves a threshold by, in log odds: a false alarm halves the odds at which the kind is reported."""

_MOST_MOVED = 2.8


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person said about the runs due from `first` to `last` (seconds since the epoch).

    `false_alarm`: they are fine; the kind needs more to be reported in this stream. `incident`: they are not; they
    leave the baseline, and the kind needs less.
    """

    kind: AnomalyKind
    opinion: Opinion
    first: float
    last: float


class RunStream:
    """Watches one DAG or task. Points come in the order of their due times.

    Args:
        calendar: its rhythm, and whose holidays count.
    """

    def __init__(self, calendar: RunCalendar) -> None:
        self._calendar = calendar
        self._history = History()
        self._points = 0
        self._last_alert: dict[str, int] = {}
        self._moved: dict[str, float] = {}

    @property
    def calendar(self) -> RunCalendar:
        """The rhythm that the stream was made for."""
        return self._calendar

    @staticmethod
    def runs_needed(runs: int) -> int:
        """How many more successful runs the first judgement takes after so many."""
        return max(0, FEWEST_RUNS - runs)

    def update(self, point: RunPoint) -> Verdict:
        """Judge a point, then remember it. The point takes no part in its own baseline."""
        slot = self._calendar.slot(point.t)
        calendar = self._calendar
        moment = look(self._history, point, slot, cadence=calendar.cadence, seasons=calendar.seasons)
        verdict = self._judge(moment)
        self._history.add(point, slot)
        self._points += 1
        return verdict

    def mark(self, mark: Mark) -> None:
        """Learn from what a person said; it holds from the next point on.

        Raises:
            UserInputError: the window ends before it begins.
        """
        if mark.last < mark.first:
            raise UserInputError("the marked window ends before it begins", hint="give first <= last")
        step = _FALSE_ALARM_STEP if mark.opinion == "false_alarm" else _INCIDENT_STEP
        moved = self._moved.get(mark.kind, 0.0) + step
        self._moved[mark.kind] = max(-_MOST_MOVED, min(_MOST_MOVED, moved))
        if mark.opinion == "incident":
            self._history.forget(mark.first, mark.last)

    def exclude(self, first: float, last: float) -> int:
        """Keep the runs of a known incident out of the baseline; say how many there were."""
        return self._history.forget(first, last)

    def run_before(self, moment: float) -> float | None:
        """When the last run that is remembered from before a moment was due."""
        return max((t for t in self._history.times if t < moment), default=None)

    def run_after(self, moment: float) -> float | None:
        """When the first run that is remembered from after a moment was due."""
        return min((t for t in self._history.times if t > moment), default=None)

    def state_dict(self) -> dict[str, Any]:
        """All that the stream knows, as JSON data."""
        calendar = self._calendar
        return {
            "version": STATE_VERSION,
            "calendar": {"cadence": calendar.cadence, "country": calendar.country, "zone": calendar.zone},
            "history": self._history.state(),
            "points": self._points,
            "last_alert": dict(self._last_alert),
            "moved": dict(self._moved),
        }

    @classmethod
    def from_state(cls, data: dict[str, Any]) -> RunStream:
        """The stream that `state_dict` described.

        Raises:
            UserInputError: the data has another version or is no such state.
        """
        if data.get("version") != STATE_VERSION:
            raise UserInputError(
                f"the detector state has version {data.get('version')!r}, expected {STATE_VERSION}",
                hint="leave the state out; the stream is rebuilt from the run history",
            )
        try:
            made = cls(RunCalendar(**data["calendar"]))
            made._history = History.from_state(data["history"])
            made._points = int(data["points"])
            made._last_alert = {str(k): int(v) for k, v in data["last_alert"].items()}
            made._moved = {str(k): float(v) for k, v in data["moved"].items()}
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UserInputError(
                f"the detector state is damaged: {error!r}",
                hint="leave the state out; the stream is rebuilt from the run history",
            ) from None
        return made

    def _judge(self, moment: Moment) -> Verdict:
        best, alerts = 0.0, []
        for detector in DETECTORS:
            odds = detector.log_odds(moment)
            if odds is None:
                continue
            odds -= self._moved.get(detector.kind, 0.0)
            last = self._last_alert.get(detector.family)
            quiet = last is not None and self._points - last <= detector.quiet_runs
            if odds <= 0 or quiet:
                best = max(best, min(score_of(odds), 0.99))
                continue
            alerts.append((odds, detector))
        for _, detector in alerts:
            self._last_alert[detector.family] = self._points
        findings = tuple(self._finding(moment, odds, detector) for odds, detector in sorted(alerts, key=_by_odds))
        if findings:
            return Verdict("anomaly", max(item.score for item in findings), findings)
        if not moment.point.ran:
            return Verdict("no_run_due", best)
        if moment.runs < FEWEST_RUNS:
            return Verdict("not_enough_runs", runs_needed=self.runs_needed(moment.runs))
        return Verdict("normal", best)

    def _finding(self, moment: Moment, odds: float, detector: AnyDetector) -> AnomalyFinding:
        reading = detector.read(moment)
        return AnomalyFinding(
            kind=detector.kind,
            severity=severity_of(detector.kind, reading.observed, reading.expected),
            first=self._first_of(reading.runs, moment.point.t),
            last=moment.point.t,
            measured=reading.measured,
            observed=reading.observed,
            expected=reading.expected,
            score=score_of(odds),
            reason=reading.reason,
            runs=reading.runs,
            run_id=moment.point.point_id,
        )

    def _first_of(self, runs: int, now: float) -> float:
        times = self._history.times
        return times[max(0, len(times) - runs + 1)] if runs > 1 and times else now


def _by_odds(item: tuple[float, AnyDetector]) -> float:
    return -item[0]
