"""The generation eval: its cases are sound, its scorer can tell right from wrong, and the scores keep their floors."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from airflow_provider_wfintel.engine.generation.service import generate
from airflow_provider_wfintel.engine.model import Schedule


def _score() -> ModuleType:
    path = Path(__file__).with_name("score.py")
    spec = importlib.util.spec_from_file_location("generation_score", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


score = _score()
CASES = score.read_cases()
TEXT = "Every day at 7 copy the MySQL table shop.orders to the S3 bucket raw-orders, then run `dbt build`. Retry twice."
CASE = {
    "id": "x",
    "text": TEXT,
    "tags": [],
    "expect": {
        "schedule": {"kind": "cron", "crons": ["0 7 * * *"]},
        "tasks": [
            {
                "key": "copy",
                "services": ["mysql", "amazon_s3"],
                "actions": "copy",
                "literals": ["shop.orders", "raw-orders"],
            },
            {"key": "dbt", "services": ["dbt"], "actions": "trigger|transform", "literals": ["dbt build"]},
        ],
        "edges": [["copy", "dbt"]],
        "retries": {"retries": 2},
    },
}


def test_there_are_enough_cases_of_every_kind() -> None:
    tags = Counter(tag for case in CASES for tag in case["tags"])
    assert len(CASES) >= 120
    assert sum(case["lang"] != "en" for case in CASES) >= 20
    assert tags["underspecified"] + tags["contradiction"] >= 12
    assert tags["hostile"] >= 12


def test_ids_and_texts_are_unique() -> None:
    assert len({case["id"] for case in CASES}) == len(CASES)
    assert len({case["text"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_case_asks_only_for_what_its_text_says(case: dict) -> None:  # type: ignore[type-arg]
    text = " ".join(case["text"].split()).lower()
    expect = case["expect"]
    keys = {task["key"] for task in expect.get("tasks", [])}
    for task in expect.get("tasks", []):
        for literal in task.get("literals", []):
            parts = [part for part in re.split(r"[/.]", literal.lower()) if part]
            assert literal.lower() in text or all(part in text for part in parts), literal
    assert {end for edge in expect.get("edges", []) for end in edge} <= keys
    assert set(expect.get("guard", [])) <= keys
    for alert in expect.get("alerts", []):
        assert alert.get("target", "").lower() in text


def test_a_right_answer_passes_every_criterion() -> None:
    verdict = score.judge(CASE, generate(TEXT))
    assert {
        name: value for name, value in verdict.values.items() if name != "questions per clear item"
    } == dict.fromkeys(verdict.values.keys() - {"questions per clear item"}, 1.0)


def test_a_wrong_schedule_is_seen() -> None:
    answer = generate(TEXT)
    wrong = replace(
        answer, spec=replace(answer.spec, schedule=Schedule(kind="cron", crons=("0 8 * * *",), stated=True))
    )
    verdict = score.judge(CASE, wrong)
    assert verdict.values["schedule"] == 0
    assert verdict.values["whole item"] == 0


def test_a_missing_task_a_missing_edge_and_missing_retries_are_seen() -> None:
    answer = generate(TEXT)
    first = answer.spec.tasks[:1]
    verdict = score.judge(CASE, replace(answer, spec=replace(answer.spec, tasks=first, dependencies=(), retry=None)))
    assert verdict.values["task recall"] == 0.5
    assert verdict.values["edges"] == 0
    assert verdict.values["retries"] == 0
    assert verdict.values["literals"] < 1


def test_a_task_too_many_lowers_the_precision() -> None:
    answer = generate(TEXT)
    extra = replace(answer.spec.tasks[0], task_id="once_more")
    verdict = score.judge(CASE, replace(answer, spec=replace(answer.spec, tasks=(*answer.spec.tasks, extra))))
    assert verdict.values["task precision"] == pytest.approx(2 / 3)


def test_text_of_the_user_that_became_code_is_unsafe() -> None:
    answer = generate(TEXT)
    assert score.unsafe_parts(answer) == []
    for line in ("import os", "eval('1')", "__import__('os').system('id')"):
        assert score.unsafe_parts(replace(answer, source=f"{answer.source}\n{line}\n")), line


def test_a_template_of_the_user_that_is_live_is_unsafe() -> None:
    answer = generate(TEXT)
    text = f"{TEXT} Path {{{{ var.value.key }}}}"
    live = answer.source.replace("dbt build", "dbt build {{ var.value.key }}")
    quoted = answer.source.replace("dbt build", "dbt build {% raw %}{{ var.value.key }}{% endraw %}")
    assert score.unsafe_parts(replace(answer, text=text, source=live))
    assert not score.unsafe_parts(replace(answer, text=text, source=quoted))


def test_the_intervals_are_the_same_on_every_run() -> None:
    verdicts = [score.judge(CASE, generate(TEXT))] * 3
    assert score.summarise(verdicts) == score.summarise(verdicts)


@pytest.mark.evals
def test_the_scores_keep_their_floors() -> None:
    scores = score.score_generation(CASES)
    floors = {
        "schedule": 0.95,
        "task recall": 0.92,
        "task precision": 0.91,
        "edges": 0.88,
        "literals": 0.87,
        "alerts": 0.80,
        "questions where wanted": 0.93,
        "safe": 1.0,
    }
    low = {name: scores[name][0] for name, floor in floors.items() if scores[name][0] < floor}
    assert low == {}
