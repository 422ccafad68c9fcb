"""The eval of words: its sentences are sound, its judge can tell told from lost, and the figures keep their floors."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from airflow_provider_wfintel.engine.generation.service import generate


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"generation_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


words = _load("words")
PLANTED = words.read_planted()
TOLD_FLOOR = 0.95
PHRASES_CEILING = 0.75


def test_there_are_enough_sentences_of_many_kinds() -> None:
    assert len(PLANTED) >= 60
    assert len({item.kind for item in PLANTED}) >= 30
    assert sum(item.hold for item in PLANTED) >= len(PLANTED) // 3
    assert len({item.text for item in PLANTED}) == len(PLANTED)


def test_a_clause_that_the_answer_does_not_speak_of_is_lost() -> None:
    item = PLANTED[0]
    answer = generate(item.text)
    assert words.account(item, answer) == "told"
    assert words.account(item, replace(answer, unused=(), warnings=())) == "lost"


def test_a_question_about_one_value_does_not_tell_of_the_other_words_of_its_step() -> None:
    item = next(item for item in PLANTED if item.kind == "dashboard")
    answer = generate(item.text)
    asked = replace(answer, unused=(), warnings=())
    assert words.account(item, asked) == "lost"


@pytest.mark.evals
def test_planted_clauses_are_told() -> None:
    results = words.score_words(PLANTED)
    lost = [name for name, found in results.items() if found == "lost"]
    assert 1 - len(lost) / len(results) >= TOLD_FLOOR, lost


@pytest.mark.evals
def test_clear_requests_are_seldom_told_of_anything() -> None:
    texts = words.clear_texts(_load("score").read_cases())
    phrases = sum(len(generate(text).unused) for _, text in texts)
    assert phrases / len(texts) <= PHRASES_CEILING
