"""`wfintel services`: what the catalogue knows."""

from __future__ import annotations

import json


def test_lists_all_services_with_their_number(wfintel):
    status, out, err = wfintel("services")
    assert status == 0
    number = len(out.splitlines())
    assert number > 700
    assert err.strip() == f"{number} of {number} services"


def test_a_word_narrows_the_list(wfintel):
    status, out, _ = wfintel("services", "Postgres", "--json")
    records = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert "postgres" in {item["id"] for item in records}
    assert len(records) < 30


def test_a_category_narrows_the_list(wfintel):
    every = [json.loads(line) for line in wfintel("services", "--json")[1].splitlines()]
    category = every[0]["category"]
    some = [json.loads(line) for line in wfintel("services", "--category", category, "--json")[1].splitlines()]
    assert some == [item for item in every if item["category"] == category]


def test_an_unknown_category_names_those_there_are(wfintel):
    status, out, err = wfintel("services", "--category", "pottery")
    assert (status, out) == (1, "")
    assert "categories: " in err


def test_a_catalogue_folder_that_is_not_there(wfintel, tmp_path):
    status, _, err = wfintel("services", "--catalog", tmp_path / "missing")
    assert status == 1
    assert len(err.splitlines()) == 1
