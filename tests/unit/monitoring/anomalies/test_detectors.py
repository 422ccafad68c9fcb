"""The registry: every detector has its scorecard, and every scorecard its detector."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.monitoring.anomalies import detectors
from airflow_provider_wfintel.engine.monitoring.anomalies.detector import Detector
from airflow_provider_wfintel.engine.monitoring.anomalies.detectors import DETECTORS
from airflow_provider_wfintel.engine.monitoring.anomalies.robust import median, quantile, spread_of
from airflow_provider_wfintel.engine.monitoring.anomalies.scorecard import scorecard

LEARNED = [item for item in DETECTORS if isinstance(item, Detector)]
DATA = files("airflow_provider_wfintel.engine.monitoring.anomalies") / "data" / "scorecards.json"


def test_every_file_with_a_detector_is_registered():
    names = {path.stem for path in Path(detectors.__file__).parent.glob("*.py")} - {"__init__"}
    assert {detector.kind for detector in DETECTORS} == names


def test_scorecards_and_learned_detectors_are_the_same():
    assert set(json.loads(DATA.read_text(encoding="utf-8"))) == {detector.kind for detector in LEARNED}


@pytest.mark.parametrize("detector", LEARNED, ids=lambda detector: detector.kind)
def test_a_scorecard_weighs_the_evidence_of_its_detector(detector):
    card = scorecard(detector.kind)
    assert tuple(table.name for table in card.tables) == detector.names
    for table in card.tables:
        assert len(table.points) == len(table.cuts) + 1
        assert list(table.cuts) == sorted(set(table.cuts))


@pytest.mark.parametrize("detector", LEARNED, ids=lambda detector: detector.kind)
def test_what_can_only_speak_for_an_anomaly_does_so(detector):
    assert set(detector.rises) <= set(detector.names)
    for table in scorecard(detector.kind).tables:
        direction = detector.rises.get(table.name, 0)
        steps = [b - a for a, b in zip(table.points, table.points[1:], strict=False)]
        assert all(direction * step >= -1e-3 for step in steps) or direction == 0


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.floats(0, 1))
def test_a_quantile_lies_between_the_values(values, share):
    ordered = sorted(values)
    assert ordered[0] <= quantile(ordered, share) <= ordered[-1]
    assert quantile(ordered, 0.5) == pytest.approx(median(values))


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=30), st.floats(-100, 100))
def test_a_spread_is_never_under_its_floor_and_does_not_depend_on_the_place(values, by):
    here = spread_of(values, median(values), 0.02)
    assert here >= 0.02
    moved = [value + by for value in values]
    assert spread_of(moved, median(moved), 0.02) == pytest.approx(here, abs=1e-9)
