"""`wfintel patterns` and `wfintel generate --pattern`."""

from __future__ import annotations

import json

import pytest


@pytest.mark.parametrize("arguments", [(), ("list",)])
def test_lists_all_patterns_with_their_number(wfintel, arguments):
    status, out, err = wfintel("patterns", *arguments)
    number = len(out.splitlines())
    assert status == 0
    assert number >= 30
    assert err.strip() == f"{number} of {number} patterns"


def test_a_word_narrows_the_list(wfintel):
    _, out, _ = wfintel("patterns", "list", "backup", "--json")
    records = [json.loads(line) for line in out.splitlines()]
    assert [item["id"] for item in records] == ["backup_verify"]


def test_one_pattern_is_shown_with_its_parameters(wfintel):
    status, out, _ = wfintel("patterns", "show", "retention")
    assert status == 0
    assert "keep_days" in out
    assert "One of postgres, snowflake" in out


def test_one_pattern_as_json(wfintel):
    record = json.loads(wfintel("patterns", "show", "retention", "--json")[1])
    (keep,) = [item for item in record["parameters"] if item["name"] == "keep_days"]
    assert keep == {
        "name": "keep_days",
        "type": "integer",
        "description": "How many days are kept.",
        "required": False,
        "default": 90,
        "minimum": 1,
    }


def test_an_unknown_pattern_is_named(wfintel):
    status, out, err = wfintel("patterns", "show", "retentoin")
    assert (status, out) == (1, "")
    assert "did you mean retention" in err


def test_a_pattern_becomes_a_file(wfintel, tmp_path):
    target = tmp_path / "clean.py"
    status, out, _ = wfintel(
        "generate", "--pattern", "retention", "--set", "table=crm.visits", "--set", "keep_days=30", "--out", target
    )
    assert status == 0
    assert "Retention (retention, 1.00)" in out
    assert "DELETE FROM crm.visits WHERE created_at < CURRENT_DATE - 30" in target.read_text(encoding="utf-8")


def test_the_json_answer_names_the_pattern(wfintel):
    answer = json.loads(wfintel("generate", "--pattern", "tables_fan_out", "--set", "tables=a, b", "--json")[1])
    assert answer["patterns"][0] == {
        "id": "tables_fan_out",
        "title": "Many tables, one mapped task",
        "confidence": 1.0,
        "why": ["made from this pattern"],
    }


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (("keep_days=soon",), "'keep_days' of pattern 'retention' cannot be 'soon'"),
        (("keepdays=3",), "did you mean keep_days"),
        (("keep_days",), "sets nothing"),
        (("keep_days=3", "keep_days=4"), "set twice"),
    ],
)
def test_bad_settings_are_named(wfintel, settings, message):
    arguments = [part for setting in settings for part in ("--set", setting)]
    status, out, err = wfintel("generate", "--pattern", "retention", *arguments)
    assert (status, out) == (1, "")
    assert message in err


@pytest.mark.parametrize("arguments", [("text", "--pattern", "retention"), ("text", "--set", "a=b"), ("--set", "a=b")])
def test_wrong_usage(wfintel, arguments):
    assert wfintel("generate", *arguments)[0] == 2
