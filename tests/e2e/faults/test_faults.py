"""Faults that are put into a real Airflow come about, and are explained from what they leave behind.

This is the short suite; `make faults` provokes all of `cases/` and writes the corpus that `make evals` scores.
"""

from __future__ import annotations

import re

import pytest

from airflow_provider_wfintel.engine.catalog.failures import failure_classes
from airflow_provider_wfintel.engine.troubleshooting import service
from tests.e2e.faults.collect import CORPUS, came_about, item_of
from tests.e2e.faults.records import faults

pytestmark = [pytest.mark.e2e, pytest.mark.postgres, pytest.mark.timeout(900)]

QUICK = [fault for fault in faults() if fault.quick]


@pytest.fixture(scope="module")
def items(tmp_path_factory, postgres_server):
    """What each fault of the short suite left behind, with its state and whether it came about."""
    from tests.e2e.faults.deployment import running_airflow
    from tests.e2e.faults.neutral import Neutral
    from tests.e2e.faults.provoke import deploy, provoke

    folder = tmp_path_factory.mktemp("faults")
    found = {}
    with running_airflow(folder) as airflow, deploy(airflow, QUICK):
        neutral = Neutral(folder, str(airflow.shop.url.database))
        for left in provoke(airflow, QUICK):
            item = item_of(left, neutral)
            found[left.fault.name] = (item, left.state, came_about(left, item))
    return found


@pytest.mark.parametrize("fault", QUICK, ids=lambda fault: fault.name)
def test_a_fault_comes_about_and_is_explained(items, fault):
    item, state, came = items[fault.name]
    assert came, f"state {state}, log ends: {item['log'][-800:]}"
    found = service.diagnose("\n".join(filter(None, (item["log"], item["trigger_log"]))), item["facts"])
    assert found.label == fault.labels[0], found.explanation


def test_records_name_known_classes():
    known = failure_classes()
    for fault in faults():
        assert set(fault.labels) <= set(known), fault.name
        assert fault.acceptable, fault.name
        assert not set(fault.acceptable) & set(fault.harmful), fault.name


def test_the_corpus_holds_each_fault_once_and_nothing_of_a_machine():
    text = CORPUS.read_text(encoding="utf-8")
    names = [line.partition('"id": "')[2].partition('"')[0] for line in text.splitlines()]
    assert sorted(names) == [fault.name for fault in faults()]
    # A path, not the task `job` in the name of a try.
    assert re.search(r"(?<!\w)/(?:home|root|work|Users|builds|runner)/", text) is None
