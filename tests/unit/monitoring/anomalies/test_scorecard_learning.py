"""Learning: the tables that are written say the same as the model that was learned."""

from __future__ import annotations

import random

import numpy as np
import pytest

from airflow_provider_wfintel.engine.monitoring.anomalies.detectors import DETECTORS
from airflow_provider_wfintel.engine.monitoring.anomalies.scorecard import Scorecard, Table
from tests.evals.monitoring.fit import card, labels, learn
from tests.evals.monitoring.shared_streams import reinjected
from tests.evals.monitoring.streams import Event, Slot, Stream, made_streams

SPIKE = next(item for item in DETECTORS if item.kind == "spike")


@pytest.fixture(scope="module")
def learned():
    chance = random.Random(3)  # noqa: S311
    rows = np.array([[chance.gauss(0, 1) for _ in SPIKE.names] for _ in range(600)])
    wanted = (rows[:, 0] + 0.5 * rows[:, 4] + 0.3 * np.array([chance.gauss(0, 1) for _ in rows]) > 1).astype(int)
    model = learn(rows, wanted, SPIKE)
    return rows, model, card(model, SPIKE, 0.5)


def test_the_tables_add_up_to_the_model(learned):
    rows, model, written = learned
    tables = tuple(Table(t["name"], tuple(t["cuts"]), tuple(t["points"])) for t in written["tables"])
    made = Scorecard("spike", written["base"], written["threshold"], tables)
    said = np.array([made.log_odds(row) for row in rows])
    # Cuts are rounded to four digits, so a value next to one may fall on its other side.
    assert np.median(np.abs(said - model.decision_function(rows))) < 0.01


def test_directions_are_kept(learned):
    table = next(item for item in learned[2]["tables"] if item["name"] == "over_spread")
    assert len(table["cuts"]) > 1
    assert table["points"] == sorted(table["points"])


def test_a_lasting_anomaly_is_learned_from_its_end():
    stream = Stream("s", "daily", [Slot(float(i)) for i in range(60)], events=[Event("level_shift", 30, 37)])
    found = labels(stream, "level_shift")
    assert found[29] == 0
    assert found[30:33] == [-1, -1, -1]
    assert found[33:38] == [1] * 5
    assert labels(stream, "spike")[33] == -1, "another kind's window says nothing about spikes"


def test_anomalies_are_taken_out_before_others_go_in():
    streams = list(made_streams(6, seed=2))
    bare = list(made_streams(6, seed=2, events=False))
    again = reinjected(streams, 9)
    assert again == reinjected(streams, 9)
    for item, base in zip(again, bare, strict=True):
        assert len(item.slots) == len(base.slots)
        early = range(20)
        assert [item.slots[i].duration for i in early] == [base.slots[i].duration for i in early]
