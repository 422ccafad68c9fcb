"""For each …: what is repeated over what; and what a DAG asks of its surroundings."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_wfintel.engine.generation.reading.entities import find_entities
from airflow_provider_wfintel.engine.generation.reading.requirements import read_requirements


@pytest.mark.parametrize(
    "text",
    [
        "For each city in [Oslo, Bergen, Hamar] call the Lambda function weather.",
        "For each city (Oslo, Bergen, Hamar) call the Lambda function weather.",
        "Für jede Stadt in [Oslo, Bergen, Hamar] die Lambda-Funktion weather aufrufen.",
        "Pour chaque ville (Oslo, Bergen, Hamar) appeler la fonction Lambda weather.",
    ],
)
def test_stated_items_are_repeated_over(read: Any, text: str) -> None:
    repeated = [step.foreach for step in read(text).flow.steps if step.foreach]
    assert [item.items for item in repeated] == [("Oslo", "Bergen", "Hamar")]


def test_found_items_have_no_names_yet(read: Any) -> None:
    reading = read("List the files under s3://in/orders/. For each file load it into the Postgres table a.b.")
    assert [bool(step.foreach) for step in reading.flow.steps] == [False, True]
    assert reading.flow.steps[1].foreach.items == ()


def test_files_of_a_place_are_listed_first(read: Any) -> None:
    reading = read("For each CSV file in the S3 bucket drop-zone load it into the Postgres table a.b.")
    assert [step.lemma for step in reading.flow.steps] == ["list", "load"]
    assert (0, 1) in reading.order


def test_without_each_nothing_is_repeated(read: Any) -> None:
    reading = read("Load the file s3://in/a.csv into the Postgres table a.b every day.")
    assert [step.foreach for step in reading.flow.steps] == [None]


def test_listed_variables_are_required() -> None:
    text = "Runs the export. The following variables need to be set:\n- EXPORT_KEY\n- EXPORT_HOST\n"
    assert read_requirements(text, find_entities(text)).variables == ("EXPORT_KEY", "EXPORT_HOST")


def test_parameters_of_a_start_by_hand_are_required() -> None:
    text = "Triggered manually with the parameter `report_date`, runs the report."
    assert read_requirements(text, find_entities(text)).parameters == ("report_date",)


def test_ordinary_names_are_no_parameters() -> None:
    text = "Load `orders_raw` into Postgres every day."
    assert read_requirements(text, find_entities(text)).parameters == ()
