"""Scores `read_schedule` against phrases whose schedule is known."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.engine.generation.schedule import ScheduleReading, next_runs, read_schedule
from airflow_provider_wfintel.engine.model import Schedule

CASES = Path(__file__).with_name("cases.jsonl")
_AFTER = "2026-01-01T00:00:00"


def load_cases() -> list[dict[str, Any]]:
    """The phrases with what they mean."""
    return [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines() if line.strip()]


def differences(case: dict[str, Any], reading: ScheduleReading) -> list[str]:
    """What a reading gets wrong; empty if it is right."""
    wrong = _schedule_differences(case, reading)
    for name in ("start_date", "end_date", "catchup"):
        if name in case and getattr(reading, name) != case[name]:
            wrong.append(f"{name} {getattr(reading, name)!r} instead of {case[name]!r}")
    if "deadline" in case:
        deadline = reading.deadline
        got = None if deadline is None else deadline.by or f"{deadline.within_seconds:g}"
        if got != case["deadline"] or (deadline is not None and deadline.fail != case.get("fail", False)):
            wrong.append(f"deadline {deadline} instead of {case['deadline']}")
    elif reading.deadline is not None:
        wrong.append(f"deadline {reading.deadline} out of nothing")
    if "question" in case and not any(question.about == case["question"] for question in reading.questions):
        wrong.append(f"no question about {case['question']}")
    return wrong


def _schedule_differences(case: dict[str, Any], reading: ScheduleReading) -> list[str]:
    schedule, kind = reading.schedule, case["kind"]
    about = [question for question in reading.questions if question.about == "schedule"]
    if kind == "open":
        return (
            [] if schedule.kind == "manual" and about else [f"{schedule.kind} {schedule.crons} instead of a question"]
        )
    if kind == "contradiction":
        said = [warning for warning in reading.warnings if "contradiction" in warning.text]
        return [] if said and about else ["the contradiction is not named"]
    wrong = []
    if about and case.get("question") != "schedule":
        wrong.append(f"asks {about[0].text!r}")
    if schedule.kind != kind or not schedule.stated:
        wrong.append(f"kind {schedule.kind} instead of {kind}")
    if "crons" in case and schedule.kind == kind and not _same_runs(schedule, case["crons"]):
        wrong.append(f"crons {schedule.crons} instead of {case['crons']}")
    if schedule.timezone != case.get("timezone", "UTC"):
        wrong.append(f"zone {schedule.timezone} instead of {case.get('timezone', 'UTC')}")
    if kind == "interval" and schedule.interval_seconds != case["seconds"]:
        wrong.append(f"{schedule.interval_seconds} s instead of {case['seconds']}")
    if "assets" in case and (
        schedule.assets is None or [*schedule.assets.uris] != case["assets"] or schedule.assets.mode != case["mode"]
    ):
        wrong.append(f"assets {schedule.assets} instead of {case['assets']}")
    gate = schedule.gate
    got = (
        ""
        if gate is None
        else gate.kind
        + (f":{gate.n}" if gate.n != 1 and abs(gate.n) > 1 else "")
        + (f":{gate.country}" if gate.country else "")
    )
    if got != case.get("gate", ""):
        wrong.append(f"gate {got or 'none'} instead of {case.get('gate', 'none')}")
    return wrong


def _same_runs(schedule: Schedule, crons: list[str]) -> bool:
    if list(schedule.crons) == crons:
        return True
    known = Schedule(kind="cron", crons=tuple(crons), timezone="UTC")
    got = Schedule(kind="cron", crons=schedule.crons, timezone="UTC")
    return next_runs(known, _AFTER, 40) == next_runs(got, _AFTER, 40)


def score_schedules() -> dict[str, tuple[int, int]]:
    """Right readings and all cases, per language and in total."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for case in load_cases():
        good = not differences(case, read_schedule(case["text"]))
        for key in (case["lang"], "all"):
            total[key] += 1
            right[key] += good
    return {key: (right[key], total[key]) for key in total}
