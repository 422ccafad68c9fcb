"""The project's own judging of alerts, and the streams that it is done on."""

from __future__ import annotations

from tests.evals.monitoring.alerts import Figures, judge
from tests.evals.monitoring.streams import Event, Slot, Stream, made_streams


def stream(*events: Event, benign=None) -> Stream:
    return Stream("s", "daily", [Slot(float(i)) for i in range(60)], {50}, benign or {}, list(events))


def said(**at) -> list[str | None]:
    alerts: list[str | None] = [None] * 60
    for name, kind in at.items():
        alerts[int(name[1:])] = kind
    return alerts


def test_an_alert_in_the_window_finds_the_event():
    figures = Figures([judge(stream(Event("spike", 30, 30)), said(i31="spike"))])
    assert (figures.recall, figures.precision, figures.f1) == (1.0, 1.0, 1.0)


def test_false_alerts_close_together_are_one_message():
    outcome = judge(stream(), said(i30="spike", i31="spike", i33="spike", i40="spike"))
    assert (outcome.false_points, outcome.false_messages) == (4, 2)


def test_the_start_and_odd_slots_are_not_judged():
    outcome = judge(stream(), said(i3="spike", i50="spike"))
    assert outcome.false_points == 0
    assert outcome.normal == 39


def test_a_missed_event_costs_recall_only():
    figures = Figures([judge(stream(Event("spike", 30, 30), Event("drift", 40, 45)), said(i42="drift"))])
    assert (figures.recall, figures.precision) == (0.5, 1.0)
    assert figures.recall_of("spike") == 0.0


def test_alerts_on_month_ends_are_counted():
    figures = Figures([judge(stream(benign={30: "month_end", 40: "month_end"}), said(i30="spike"))])
    assert figures.month_end_rate == 0.5


def test_made_streams_are_the_same_for_the_same_seed_and_hold_their_laws():
    first, again = list(made_streams(12, seed=5)), list(made_streams(12, seed=5))
    assert first == again
    assert first != list(made_streams(12, seed=6))
    for item in first:
        assert 60 <= len(item.slots) <= 200
        ends = [event.end for event in item.events]
        starts = [event.start for event in item.events]
        assert all(start >= 20 for start in starts)
        assert all(b - a > 15 for a, b in zip(ends, starts[1:], strict=False))
