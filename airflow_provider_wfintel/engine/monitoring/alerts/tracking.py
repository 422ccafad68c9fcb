"""From what is seen to alerts: each rule follows each thing that it watches, run by run.

What is seen may come twice and late. No ids of events have to be remembered for that: for each thing that went wrong
the outcomes of its last runs are kept with their times, and what is older than the outcome of its run is no news.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Literal

from airflow_provider_wfintel.engine.model import Severity, canonical_json
from airflow_provider_wfintel.engine.monitoring.alerts.events import Seen
from airflow_provider_wfintel.engine.monitoring.alerts.matching import fits
from airflow_provider_wfintel.engine.monitoring.alerts.settings import AlertSettings, Rule
from airflow_provider_wfintel.engine.monitoring.alerts.severity import severity_of, worst
from airflow_provider_wfintel.engine.monitoring.alerts.state import Alert, AlertState, Track

__all__ = ["Tracking", "is_kind"]

FORGET_FACTOR = 8
"""Runs that go wrong now and then are remembered for so many times `expire_after`, for rhythms as slow as a quarter."""


@cache
def is_kind(kind: str, patterns: tuple[str, ...]) -> bool:
    """Whether a kind fits one of the patterns; no pattern fits none."""
    return bool(patterns) and fits((kind,), patterns)


class Tracking:
    """Tracks and alerts while a step is being made; it starts from a state, which it leaves as it is.

    `closed` are the alerts that ended in this step, with the time of the good news.
    """

    def __init__(self, settings: AlertSettings, state: AlertState) -> None:
        self._settings = settings
        self._not_before = state.not_before
        self._rules = [rule for rule in settings.rules if rule.enabled]
        self.latest = state.latest
        self.tracks = {track.key: track for track in state.tracks}
        self.alerts = {alert.key: alert for alert in state.alerts}
        self.closed: list[tuple[Alert, float]] = []
        self._by_dag: dict[tuple[str, str], list[str]] = {}
        for track in state.tracks:
            self._by_dag.setdefault((track.rule, track.dag_id), []).append(track.key)

    def see(self, events: Iterable[Seen], now: float) -> None:
        """Take in what was seen, in the order in which it happened; at the same moment bad news come first."""
        for seen in sorted(events, key=lambda item: (item.at, self._is_good(item))):
            self.latest = max(self.latest, min(seen.at, now))
            for rule in self._rules:
                verdict = _verdict(rule, seen)
                if verdict == "bad" and rule.match(seen, rule=rule.id, severity=seen.severity):
                    self._bad(rule, seen)
                elif verdict == "good":
                    self._good(rule, seen)

    def close(self, alert: Alert, at: float) -> None:
        """An alert is over. What made it is known to its track and does not open it again."""
        if self.alerts.pop(alert.key, None) is not None:
            self.closed.append((alert, at))

    def last_bad(self, alert: Alert) -> float:
        """When the newest bad news of an alert happened."""
        return max((at for _, bad, at in self.tracks[alert.key].runs if bad), default=alert.since)

    def forget(self) -> None:
        """Drop alerts without news for `expire_after`, and tracks that say nothing any more."""
        settings = self._settings
        for alert in list(self.alerts.values()):
            track = self.tracks[alert.key]
            if _newest(track) < self.latest - settings.expire_after:
                self.close(alert, _newest(track))
        for key, track in list(self.tracks.items()):
            if key in self.alerts or _newest(track) >= self.latest - settings.horizon:
                continue
            rule = settings.rule(track.rule)
            fine = rule is None or rule.cleared_in == "same_run" or _streak(track.runs, bad=False) >= _most_runs(rule)
            if fine or _newest(track) < self.latest - FORGET_FACTOR * settings.expire_after:
                del self.tracks[key]

    def _is_good(self, seen: Seen) -> bool:
        return any(_verdict(rule, seen) == "good" for rule in self._rules)

    def _bad(self, rule: Rule, seen: Seen) -> None:
        if seen.at < max(self._not_before, self.latest - self._settings.horizon):
            return
        key, run = _key(rule, seen), _run_of(seen)
        track = self.tracks.get(key)
        if track is None:
            track = Track(key, rule.id, seen.dag_id, seen.task_id, seen.map_index, conn_id=seen.conn_id)
            self._by_dag.setdefault((rule.id, seen.dag_id), []).append(key)
        elif not _is_news(track, rule, run, seen.at, bad=True):
            self._explain(key, seen)
            return
        track = self.tracks[key] = _after(track, rule, (run, True, seen.at))
        place = next(index for index, outcome in enumerate(track.runs) if outcome[0] == run)
        bad_runs = _streak(track.runs[: place + 1], bad=True)
        severity = severity_of(rule, seen, bad_runs)
        # A later run may have been fine already, if the news of this one was slow.
        cleared = place < len(track.runs) - 1 and _streak(track.runs, bad=False) >= _needed(rule, track)
        alert = self.alerts.get(key)
        if alert is not None:
            # The same event by another way, with less known of it.
            plainer = bool(seen.event_id) and seen.event_id == alert.event_id and not seen.cause
            self.alerts[key] = replace(
                alert,
                run_id=seen.run_id,
                severity=worst(alert.severity, severity),
                cause=seen.cause or alert.cause,
                message=alert.message if plainer and alert.message else seen.message or alert.message,
                value=seen.value,
                upstream=seen.upstream,
                upstream_dags=seen.upstream_dags,
                cleared=cleared,
            )
        elif bad_runs >= rule.raise_after_runs:
            self.alerts[key] = replace(_alert(key, rule, seen, severity=severity), cleared=cleared)

    def _explain(self, key: str, seen: Seen) -> None:
        """The same event once more, now with its cause: said if nobody was told yet, and never a reason to tell."""
        alert = self.alerts.get(key)
        if alert is None or alert.told or not seen.cause or not seen.event_id or alert.event_id != seen.event_id:
            return
        if alert.cause == _unknown(seen):
            self.alerts[key] = replace(alert, cause=seen.cause, message=seen.message or alert.message)

    def _good(self, rule: Rule, seen: Seen) -> None:
        run = _run_of(seen)
        for key in self._by_dag.get((rule.id, seen.dag_id), ()):
            track = self.tracks.get(key)
            if track is None or not _about(seen, track):
                continue
            was_bad = any(name == run and bad for name, bad, _ in track.runs)
            if rule.cleared_in != "any_run" and was_bad != (rule.cleared_in == "same_run"):
                continue
            if not _is_news(track, rule, run, seen.at, bad=False):
                continue
            track = self.tracks[key] = _after(track, rule, (run, False, seen.at))
            alert = self.alerts.get(key)
            if alert is None or _streak(track.runs, bad=False) < _needed(rule, track):
                continue
            others = any(bad and at >= alert.since for _, bad, at in track.runs)
            if alert.told or (run == alert.run_id and not others):
                self.close(alert, seen.at)
            else:
                self.alerts[key] = replace(alert, cleared=True)


def _verdict(rule: Rule, seen: Seen) -> Literal["bad", "good"] | None:
    if is_kind(seen.kind, rule.raised_by):
        return _by_value(rule, seen.value)
    return "good" if is_kind(seen.kind, rule.cleared_by) else None


def _by_value(rule: Rule, value: float | None) -> Literal["bad", "good"] | None:
    """Between the bound that raises and the one that clears it is neither."""
    if rule.above is None and rule.below is None:
        return "bad"
    if value is None:
        return None
    if rule.above is not None:
        clear = rule.above if rule.clear_below is None else rule.clear_below
        return "bad" if value >= rule.above else "good" if value < clear else None
    low = rule.below if rule.below is not None else value
    clear = low if rule.clear_above is None else rule.clear_above
    return "bad" if value <= low else "good" if value > clear else None


def _key(rule: Rule, seen: Seen) -> str:
    run = [seen.run_id] if rule.cleared_in == "same_run" else []
    return canonical_json([rule.id, seen.kind, seen.dag_id, seen.thing, seen.map_index, *run])


def _run_of(seen: Seen) -> str:
    """What is counted as a run: without a run each look is one."""
    return seen.run_id or f"@{seen.at!r}"


def _about(seen: Seen, track: Track) -> bool:
    return (not seen.thing or seen.thing == track.thing) and seen.map_index in (-1, track.map_index)


def _newest(track: Track) -> float:
    return max(at for _, _, at in track.runs)


def _most_runs(rule: Rule) -> int:
    return max(rule.flap.in_runs, rule.flap.calm_runs, rule.raise_after_runs, rule.resolve_after_runs)


def _needed(rule: Rule, track: Track) -> int:
    """Good runs in a row after which it is over."""
    return rule.flap.calm_runs if track.flapping else rule.resolve_after_runs


def _is_news(track: Track, rule: Rule, run: str, at: float, *, bad: bool) -> bool:
    """Whether the outcome is newer than what is known of its run; of two at the same time the good one is."""
    for name, known_bad, known_at in track.runs:
        if name == run:
            return at > known_at or (at == known_at and known_bad and not bad)
    return len(track.runs) < _most_runs(rule) or at > track.runs[0][2]


def _streak(runs: tuple[tuple[str, bool, float], ...], *, bad: bool) -> int:
    count = 0
    for _, outcome, _ in reversed(runs):
        if outcome != bad:
            break
        count += 1
    return count


def _after(track: Track, rule: Rule, new: tuple[str, bool, float]) -> Track:
    """The track with the outcome of a run, and whether it flaps now."""
    others = [outcome for outcome in track.runs if outcome[0] != new[0]]
    runs = tuple(sorted((*others, new), key=lambda outcome: outcome[2])[-_most_runs(rule) :])
    changes = sum(a[1] != b[1] for a, b in pairwise(runs[-rule.flap.in_runs :]))
    calm = _streak(runs, bad=False) >= rule.flap.calm_runs
    return replace(track, runs=runs, flapping=not calm and (track.flapping or changes >= rule.flap.changes))


def _alert(key: str, rule: Rule, seen: Seen, *, severity: Severity) -> Alert:
    return Alert(
        key=key,
        rule=rule.id,
        kind=seen.kind,
        dag_id=seen.dag_id,
        run_id=seen.run_id,
        task_id=seen.task_id,
        conn_id=seen.conn_id,
        map_index=seen.map_index,
        event_id=seen.event_id,
        since=seen.at,
        severity=severity,
        cause=seen.cause or _unknown(seen),
        incident=f"cause {seen.cause}" if seen.cause and seen.shared else f"DAG {seen.dag_id}",
        message=seen.message,
        value=seen.value,
        tags=seen.tags,
        owners=seen.owners,
        team=seen.team,
        upstream=seen.upstream,
        upstream_dags=seen.upstream_dags,
    )


def _unknown(seen: Seen) -> str:
    """What stands for the cause while none is known."""
    return f"run {seen.run_id}" if seen.kind.startswith(("task.", "run.")) else seen.kind
