"""The share of phrases whose schedule is read right, per language."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def _score() -> ModuleType:
    path = Path(__file__).with_name("score.py")
    spec = importlib.util.spec_from_file_location("schedule_score", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.evals
def test_the_share_of_right_schedules_does_not_fall() -> None:
    scores = _score().score_schedules()
    for language, (right, total) in sorted(scores.items()):
        print(f"schedule {language}: {right}/{total} = {right / total:.1%}")
    right, total = scores["all"]
    assert total >= 500
    assert right / total >= 0.97
