"""Parameters that a text declares, with type, default, choices and bounds."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.settings.run_params import find_params
from airflow_provider_wfintel.engine.model import ParamSpec


def _by_name(text: str) -> dict[str, ParamSpec]:
    return {param.name: param for param in find_params(text).params}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A DAG with a parameter tenant_id (integer, required): purge it.", {"tenant_id": ("integer", None)}),
        ("Take a run_day parameter, default today.", {"run_day": ("string", None)}),
        ("It takes two parameters: city (string) and radius (integer, default 5).", {"city": ("string", None), "radius": ("integer", 5)}),
        ("It accepts a list parameter names and an integer parameter chunk defaulting to 500.", {"names": ("array", None), "chunk": ("integer", 500)}),
        ("Parameterised by market and day, load the file.", {"market": ("string", None), "day": ("string", None)}),
        ("Manual pipeline with a parameter called tenant. It copies.", {"tenant": ("string", None)}),
        ("Params:\n- stage: one of dev or prod (default dev)\n- dry_run: boolean, default true\n\nCopy it.", {"stage": ("string", "dev"), "dry_run": ("boolean", True)}),
        ("It takes the parameters code (string, default 7) and share (number, default 1).", {"code": ("string", "7"), "share": ("number", 1.0)}),
        ("Accept a boolean parameter full, default off.", {"full": ("boolean", False)}),
    ],
    ids=lambda value: str(value)[:50],
)  # fmt: skip
def test_declared_parameters_have_their_type_and_default(text: str, wanted: dict[str, tuple[str, object]]) -> None:
    found = _by_name(text)
    assert {
        name: (param.type, param.default.value if param.default is not None else None) for name, param in found.items()
    } == wanted


def test_choices_bounds_dates_and_what_a_run_may_leave_out() -> None:
    found = _by_name(
        "The DAG takes four parameters: zone (one of north, south; default north), days (integer, between 1 and 90), "
        "since (YYYY-MM-DD, default yesterday) and note (string, optional)."
    )
    assert found["zone"].choices is not None
    assert found["zone"].choices.value == ["north", "south"]
    assert (found["days"].minimum, found["days"].maximum) == (1, 90)
    assert (found["since"].format, found["since"].run_day_offset) == ("date", -1)
    assert found["note"].optional
    assert not found["days"].optional


@pytest.mark.parametrize(
    "text",
    [
        "Run the notebook with parameters env=prod and day=1.",
        "Run the Databricks job 4711 with the run date as job parameter day.",
        "Run the notebook with parameter day set to the run date.",
        "Call the API with the query parameter page=2.",
        "Fetch with parameters from the config file.",
        "Load the table parameters into Postgres.",
    ],
)
def test_what_a_job_is_given_is_no_parameter_of_the_dag(text: str) -> None:
    assert find_params(text).params == ()


def test_the_words_of_the_declaration_are_used_up_and_no_others() -> None:
    text = "Accept an optional param `since` (YYYY-MM-DD, default yesterday) and run `load.sh`."
    (span,) = find_params(text).spans
    assert span.of(text) == "Accept an optional param `since` (YYYY-MM-DD, default yesterday)"
