"""What a schedule in words is read as."""

from __future__ import annotations

import importlib.util
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.generation.schedule import next_runs, read_schedule
from airflow_provider_wfintel.engine.model import Schedule, ScheduleKind, from_json, to_json

_SCORE = Path(__file__).parents[3] / "evals" / "schedule" / "score.py"
_spec = importlib.util.spec_from_file_location("schedule_score", _SCORE)
assert _spec is not None
assert _spec.loader is not None
score = importlib.util.module_from_spec(_spec)
sys.modules["schedule_score"] = score
_spec.loader.exec_module(score)

CASES: list[dict[str, Any]] = score.load_cases()
_WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_WORDS = """
every|day|at|6|:|30|am|pm|Monday|and|-|to|between|until|2026-03-01|*|/5|first|last
business day|of the month|UTC|no|,|.|(|)
Europe/Berlin|each|other|täglich|um|halb|jeden|tous les|à|5h|cada|hora|每天|两|点|半|号|except|hourly
twice|a|week|quarter|end of|asset|`x`|updated|when|retry
99|0|1st|31|Feb|from|timeout|2h|sla|done by|1h30|32th|24:00|every 0 minutes|13pm
"""
_ALPHABET = st.sampled_from([word for line in _WORDS.split("\n") for word in line.split("|") if word])


def test_there_are_enough_phrases_in_every_language() -> None:
    assert len(CASES) >= 500
    assert {case["lang"] for case in CASES} == {"en", "de", "fr", "es", "pt", "zh"}


@pytest.mark.parametrize("case", CASES, ids=[f"{case['lang']}: {case['text'][:60]}" for case in CASES])
def test_phrase_is_read_as_its_schedule(case: dict[str, Any]) -> None:
    reading = read_schedule(case["text"])
    assert score.differences(case, reading) == []


@pytest.mark.parametrize("case", CASES[::3], ids=lambda case: case["text"][:60])
def test_spans_lie_inside_the_text_and_the_schedule_survives_json(case: dict[str, Any]) -> None:
    reading = read_schedule(case["text"])
    for span in (*reading.consumed, *reading.schedule.evidence):
        assert 0 <= span.start < span.end <= len(case["text"])
        assert span.of(case["text"]).strip()
    assert reading.consumed == tuple(sorted(reading.consumed))
    assert from_json(Schedule, to_json(reading.schedule)) == reading.schedule
    assert reading.schedule.words


@given(st.lists(_ALPHABET, max_size=25).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_no_mixture_of_schedule_words_raises(text: str) -> None:
    reading = read_schedule(text)
    assert all(span.of(text) for span in reading.consumed)
    next_runs(reading.schedule, "2026-01-01T00:00:00")


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_no_text_raises(text: str) -> None:
    read_schedule(text)


@given(st.integers(0, 23), st.integers(0, 59), st.sets(st.integers(0, 6), min_size=1, max_size=6))
@settings(max_examples=30, deadline=None)
def test_weekdays_and_time_are_read_back(hour: int, minute: int, days: set[int]) -> None:
    names = [_WEEKDAYS[day] for day in sorted(days)]
    text = f"Runs every {', '.join(names[:-1])}{' and ' if names[:-1] else ''}{names[-1]} at {hour:02d}:{minute:02d}."
    known = Schedule(kind="cron", crons=(f"{minute} {hour} * * {','.join(str(day) for day in sorted(days))}",))
    assert _runs(read_schedule(text).schedule) == _runs(known)


@given(st.integers(1, 28), st.integers(0, 11), st.sampled_from(["am", "pm"]))
@settings(max_examples=30, deadline=None)
def test_day_of_month_with_am_and_pm_is_read_back(day: int, hour: int, half: str) -> None:
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(day if day < 20 else day % 10, "th")
    text = f"On the {day}{suffix} of every month at {hour or 12}{half} archive the table."
    known = Schedule(kind="cron", crons=(f"0 {hour + (12 if half == 'pm' else 0)} {day} * *",))
    assert _runs(read_schedule(text).schedule) == _runs(known)


@given(st.sampled_from([2, 3, 4, 5, 6, 10, 12, 15, 20, 30]), st.integers(5, 11), st.integers(13, 22))
@settings(max_examples=30, deadline=None)
def test_steps_inside_a_window_include_both_ends(minutes: int, first: int, last: int) -> None:
    schedule = read_schedule(f"every {minutes} minutes between {first}:00 and {last}:00").schedule
    runs = next_runs(schedule, "2026-01-05T00:00:00+00:00", (last - first) * 60 // minutes + 1)
    assert runs[0].startswith(f"2026-01-05T{first:02d}:00")
    assert runs[-1].startswith(f"2026-01-05T{last:02d}:00")


def _runs(schedule: Schedule) -> tuple[str, ...]:
    return next_runs(schedule, "2026-01-01T00:00:00+00:00", 15)


def test_nothing_said_is_a_question() -> None:
    reading = read_schedule("Copy the table orders to the lake.")
    assert reading.schedule.kind == "manual"
    assert not reading.schedule.stated
    assert [question.about for question in reading.questions] == ["schedule"]
    assert "how often" in reading.questions[0].text
    assert "schedule" in reading.questions[0].text.lower()


def test_contradiction_names_both_phrases() -> None:
    reading = read_schedule("Run the load every hour but only once a day.")
    assert "contradiction: 'every hour' and 'only once a day'" in reading.warnings[0].text
    assert reading.questions


def test_time_alone_is_daily_by_assumption() -> None:
    reading = read_schedule("Run at 4:45 and copy the file.")
    assert reading.schedule.crons == ("45 4 * * *",)
    assert any("daily schedule is assumed" in item.text for item in reading.assumptions)


def test_rhythm_alone_gets_a_time_by_assumption() -> None:
    reading = read_schedule("Sync the contacts weekly.")
    assert reading.schedule.crons == ("0 0 * * 1",)
    assert {
        "Monday" in item.text or "00:00" in item.text for item in reading.assumptions if item.about == "schedule"
    } == {True}


def test_only_the_five_fields_of_a_crontab_line_are_consumed() -> None:
    text = "move this: `5 */3 * * 1-5 /srv/load.sh >> /var/log/load.log` to Airflow"
    reading = read_schedule(text)
    assert [span.of(text) for span in reading.consumed] == ["5 */3 * * 1-5"]


@pytest.mark.parametrize("expression", ["61 * * * *", "* * 32 * *", "0 25 * * *"])
def test_invalid_cron_is_a_question(expression: str) -> None:
    reading = read_schedule(f"run it at {expression} please")
    assert reading.schedule.kind == "manual"
    assert expression in reading.questions[0].text


def test_cron_and_words_that_differ_are_a_contradiction() -> None:
    reading = read_schedule("schedule 0 6 * * * (every day at 7:00)")
    assert reading.schedule.crons == ("0 6 * * *",)
    assert "contradiction" in reading.warnings[0].text


def test_interval_keeps_the_time_of_its_first_run() -> None:
    schedule = read_schedule("every 3 days at 6:30").schedule
    assert (schedule.kind, schedule.interval_seconds, schedule.anchor_time) == ("interval", 259200.0, "06:30")


@pytest.mark.parametrize(
    ("text", "kind"),
    [("run continuously", "continuous"), ("run once on 2026-05-01", "once"), ("started by hand", "manual")],
)
def test_other_kinds_are_stated(text: str, kind: ScheduleKind) -> None:
    schedule = read_schedule(text).schedule
    assert (schedule.kind, schedule.stated) == (kind, True)


def test_sixty_words_take_less_than_ten_milliseconds() -> None:
    text = " ".join(["Every weekday at 6:30 Berlin time load the files of the folder into the warehouse table,"] * 4)
    read_schedule(text)
    best = min(_seconds(text) for _ in range(5))
    assert best < 0.02, f"{best * 1000:.1f} ms"


def _seconds(text: str) -> float:
    start = time.process_time()
    read_schedule(text)
    return time.process_time() - start
