"""`wfintel detect`: the services of one text or many, as JSON."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.usefixtures("fake_engine")


def test_one_text_gives_one_json_line(wfintel):
    status, out, err = wfintel("detect", "post to slack")
    assert (status, err) == (0, "")
    answer = json.loads(out)
    assert "notify" in answer.pop("actions")["slack"]
    assert answer == {
        "services": ["slack"],
        "mentions": [
            {"service": "slack", "span": [8, 13], "role": "channel", "confidence": 0.9, "alternatives": []},
        ],
    }


def test_a_terminal_gets_a_table(wfintel, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    status, out, _ = wfintel("detect", "post to slack")
    assert status == 0
    assert "slack" in out
    assert "0.90" in out


def test_lines_keep_their_order_and_bad_ones_become_records(wfintel, tmp_path):
    lines = tmp_path / "in.jsonl"
    lines.write_text(
        '{"id": "b", "text": "post to slack"}\nnonsense\n{"id": "a", "text": "nothing"}\n{"id": "c", "text": ""}\n'
    )
    status, out, _ = wfintel("detect", "--jsonl", lines, "--out", tmp_path / "out.jsonl")
    assert (status, out) == (3, "")
    records = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [item["id"] for item in records] == ["b", "line-2", "a", "c"]
    assert records[0]["services"] == ["slack"]
    assert records[1]["error_type"] == "UserInputError"
    assert records[2]["services"] == []
    assert records[3] == {
        "id": "c",
        "error": "there is no text",
        "error_type": "EmptyInputError",
        "hint": "say what the workflow should do",
    }


def test_without_out_the_lines_go_to_stdout(wfintel, tmp_path):
    (tmp_path / "in.jsonl").write_text('{"id": "b", "text": "post to slack"}\n')
    status, out, _ = wfintel("detect", "--jsonl", tmp_path / "in.jsonl")
    assert status == 0
    assert json.loads(out)["id"] == "b"


def test_a_missing_input_leaves_the_output_as_it_was(wfintel, tmp_path):
    (tmp_path / "out.jsonl").write_text("old\n")
    status, _, err = wfintel("detect", "--jsonl", tmp_path / "missing", "--out", tmp_path / "out.jsonl")
    assert status == 1
    assert "cannot read" in err
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]
    assert (tmp_path / "out.jsonl").read_text() == "old\n"


def test_an_output_that_cannot_be_written(wfintel, tmp_path):
    (tmp_path / "in.jsonl").write_text('{"id": "b", "text": "post to slack"}\n')
    for place in (tmp_path, tmp_path / "no" / "such"):
        status, _, err = wfintel("detect", "--jsonl", tmp_path / "in.jsonl", "--out", place)
        assert status == 1
        assert len(err.splitlines()) == 1


def test_out_needs_lines(wfintel):
    assert wfintel("detect", "text", "--out", "a")[0] == 2
