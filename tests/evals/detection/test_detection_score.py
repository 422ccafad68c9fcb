"""The detection eval meets its floors on the project's own labelled texts."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location("detection_score", Path(__file__).parent / "score.py")
assert _SPEC is not None
assert _SPEC.loader is not None
score = importlib.util.module_from_spec(_SPEC)
sys.modules[_SPEC.name] = score  # dataclasses look their module up
_SPEC.loader.exec_module(score)

pytestmark = pytest.mark.evals


@pytest.mark.parametrize(("lower_case", "floor"), [(False, 0.95), (True, 0.90)])
def test_item_accuracy_stays_over_its_floor(lower_case: bool, floor: float) -> None:
    result = score.score_detection(score.read_cases(), lower_case=lower_case)
    assert result["value"] >= floor, result["wrong"]


def test_cases_are_well_formed_and_many() -> None:
    cases = score.read_cases()
    assert len(cases) >= 200
    assert len({case["id"] for case in cases}) == len(cases)
    assert sum(1 for case in cases if not case["explicit"]) >= 100


def test_a_wrong_prediction_lowers_the_score() -> None:
    case = {"id": "a", "text": "Copy the file to Dropbox.", "explicit": ["box"], "optional": []}
    result = score.score_detection([case])
    assert result["value"] == 0.0
    assert result["wrong"] == ["a"]


def test_confidence_is_calibrated() -> None:
    bins = score.reliability(score.read_cases())
    assert sum(item.count for item in bins) >= 500
    assert score.calibration_error(bins) <= 0.05


def test_confidence_that_is_far_off_shows() -> None:
    sure_but_wrong = {"text": "Copy the file to Dropbox.", "explicit": [], "optional": []}
    assert score.calibration_error(score.reliability([sure_but_wrong])) > 0.5


def test_optional_services_count_neither_way() -> None:
    case = {"id": "a", "text": "Copy the file to Dropbox.", "explicit": [], "optional": ["dropbox"]}
    assert score.score_detection([case])["value"] == 1.0


def test_wilson_interval_of_a_perfect_score_is_not_a_point() -> None:
    low, high = score.wilson_interval(20, 20)
    assert 0.8 < low < 0.9
    assert high == pytest.approx(1.0)
