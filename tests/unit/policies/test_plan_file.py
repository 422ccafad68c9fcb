"""The plan file: entries come and go, what was there stays, and a file that is no plan is not touched."""

from __future__ import annotations

import json

import pytest

from airflow_provider_wfintel.app.plan_file import entries, put_entry, take_entry
from airflow_provider_wfintel.exceptions import TargetNotWritableError, UserInputError
from airflow_provider_wfintel.policies.run_time_plan import read_plan

ENTRY = {"plan": "one", "tasks": {"load": {"priority_weight": {"set": 40, "was": 1}}}}


def test_what_is_put_in_is_what_the_policy_reads(tmp_path):
    path = tmp_path / "plan.json"
    put_entry(path, "sales", ENTRY)
    (change,) = read_plan(path).dags["sales"].tasks["load"]
    assert (change.value, change.was) == (40, 1)
    assert [item.name for item in tmp_path.iterdir()] == ["plan.json"]


def test_other_dags_stay(tmp_path):
    path = tmp_path / "plan.json"
    put_entry(path, "sales", ENTRY)
    put_entry(path, "stock", ENTRY)
    assert take_entry(path, "sales")
    assert set(entries(path)) == {"stock"}
    assert not take_entry(path, "sales")


def test_a_later_plan_remembers_what_the_file_said_first(tmp_path):
    path = tmp_path / "plan.json"
    put_entry(path, "sales", ENTRY)
    # By now Airflow shows the weight of the first plan.
    put_entry(path, "sales", {"plan": "two", "tasks": {"load": {"priority_weight": {"set": 7, "was": 40}}}})
    assert entries(path)["sales"]["tasks"]["load"]["priority_weight"] == {"set": 7, "was": 1}


@pytest.mark.parametrize("text", ["no json", "[]", '{"version": 2, "dags": {}}', '{"version": 1}'])
def test_a_file_that_is_no_plan_is_left_as_it_is(tmp_path, text):
    path = tmp_path / "plan.json"
    path.write_text(text)
    with pytest.raises(UserInputError):
        put_entry(path, "sales", ENTRY)
    assert path.read_text() == text


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(TargetNotWritableError):
        put_entry(tmp_path / "no" / "plan.json", "sales", ENTRY)


def test_no_file_means_no_entries(tmp_path):
    assert entries(tmp_path / "plan.json") == {}
    assert not take_entry(tmp_path / "plan.json", "sales")
    assert json.dumps(entries(tmp_path / "plan.json")) == "{}"
