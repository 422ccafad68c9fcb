"""`wfintel diagnose`: one log or many, JSON or a readable answer, bad lines named."""

from __future__ import annotations

import json

import pytest

from airflow_provider_wfintel.cli.main import main

KEYS = {"id", "label", "ranked", "confidence", "group", "evidence", "transient", "action", "remedies", "explanation"}


def test_a_single_log(tmp_path, capsys):
    log = tmp_path / "attempt=1.log"
    log.write_text("OSError: [Errno 28] No space left on device\n")
    assert main(["diagnose", str(log), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) >= KEYS
    assert answer["label"] == answer["ranked"][0] == "disk_full"
    assert answer["transient"] == "permanent"
    assert answer["group"] == "resources"


def test_facts_are_read_from_a_file(tmp_path, capsys):
    log, facts = tmp_path / "a.log", tmp_path / "f.json"
    log.write_text("")
    facts.write_text('{"state": "upstream_failed"}')
    assert main(["diagnose", str(log), "--facts", str(facts), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["label"] == "upstream_failed"


def test_many_logs_in_the_order_of_the_input(tmp_path):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [
        {"id": "b", "text": "KeyError: 'qty'"},
        {"id": "a", "text": "", "facts": {"events": [{"event": "heartbeat timeout"}]}},
        {"id": "c", "text": "hello"},
    ]
    source.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert main(["diagnose", "--jsonl", str(source), "--out", str(target)]) == 0
    answers = [json.loads(line) for line in target.read_text().splitlines()]
    assert [(answer["id"], answer["label"]) for answer in answers] == [
        ("b", "python_error"),
        ("a", "heartbeat_lost"),
        ("c", "unknown"),
    ]
    assert all(set(answer) >= KEYS for answer in answers)


def test_a_bad_line_is_named_and_the_others_are_done(tmp_path):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(
        '{"id": "x"}\n{"id": "y", "text": "a", "facts": 3}\nnonsense\n{"id": "z", "text": "KeyError: 1"}\n'
    )
    assert main(["diagnose", "--jsonl", str(source), "--out", str(target)]) == 3
    answers = [json.loads(line) for line in target.read_text().splitlines()]
    assert [set(answer) == {"id", "error", "error_type", "hint"} for answer in answers] == [True, True, True, False]


def test_wrong_usage(tmp_path):
    with pytest.raises(SystemExit) as stop:
        main(["diagnose"])
    assert stop.value.code == 2
    with pytest.raises(SystemExit) as stop:
        main(["diagnose", "x.log", "--out", "y"])
    assert stop.value.code == 2


def test_a_log_that_is_not_there(tmp_path, capsys):
    assert main(["diagnose", str(tmp_path / "none.log")]) == 1
    assert "none.log" in capsys.readouterr().err


def test_the_readable_answer(tmp_path, capsys, monkeypatch):
    log = tmp_path / "a.log"
    log.write_text("jinja2.exceptions.TemplateNotFound: [load].sql\n")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert main(["diagnose", str(log)]) == 0
    said = capsys.readouterr().out
    assert "template_error" in said
    assert "[load].sql" in said
    assert "1. " in said
