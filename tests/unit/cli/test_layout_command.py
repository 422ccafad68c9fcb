"""`wfintel layout`: a proposal for each file, and a line that says what it is worth."""

from __future__ import annotations

import json

import pytest

from airflow_provider_wfintel.cli.main import main

TASKS = [{"id": f"s{number}", "runtime_s": 2, "parents": []} for number in range(10)]
TASKS += [{"id": "end", "runtime_s": 1, "parents": [item["id"] for item in TASKS]}]
TASKS += [{"id": "long", "runtime_s": 10, "parents": []}]


@pytest.fixture
def workflows(tmp_path):
    folder = tmp_path / "workflows"
    folder.mkdir()
    (folder / "good.json").write_text(json.dumps({"name": "straggler", "tasks": TASKS}))
    return folder


def test_each_file_gets_a_proposal_of_its_name(workflows, tmp_path, capsys):
    assert main(["layout", "--dir", str(workflows), "--slots", "2,4", "--out-dir", str(tmp_path / "out")]) == 0
    proposal = json.loads((tmp_path / "out" / "good.json").read_text())
    weights = proposal["by_slots"]["2"]["priorities"]
    assert len(weights) == len(TASKS)
    assert sum(weight > weights["long"] for weight in weights.values()) < 7
    line = json.loads(capsys.readouterr().out)
    assert line["id"] == "good"
    assert line["slots"]["2"]["default_s"] == 20
    assert line["slots"]["2"]["proposal_s"] == 16
    assert line["slots"]["2"]["bound_s"] == 15.5


def test_a_bad_file_costs_nothing_but_itself(workflows, tmp_path, capsys):
    (workflows / "bad.json").write_text("{")
    (workflows / "cycle.json").write_text(json.dumps({"tasks": [{"id": "a", "runtime_s": 1, "parents": ["a"]}]}))
    assert main(["layout", "--dir", str(workflows), "--slots", "2", "--out-dir", str(tmp_path / "out")]) == 3
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["id"] for line in lines] == ["bad", "cycle", "good"]
    assert [line.get("error_type") for line in lines] == ["UserInputError", "SpecError", None]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["good.json"]


def test_a_file_that_cannot_be_read_is_named(workflows, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("airflow_provider_wfintel.cli.commands.layout._MAX_BYTES", 10)
    assert main(["layout", "--dir", str(workflows), "--slots", "2", "--out-dir", str(tmp_path / "out")]) == 3
    assert json.loads(capsys.readouterr().out)["error_type"] == "InputTooLargeError"


@pytest.mark.parametrize("slots", ["", "0", "2,x", "-1"])
def test_wrong_slots_are_wrong_usage(workflows, tmp_path, slots):
    with pytest.raises(SystemExit) as caught:
        main(["layout", "--dir", str(workflows), "--slots", slots, "--out-dir", str(tmp_path / "out")])
    assert caught.value.code == 2


def test_folders_that_cannot_be_used_are_named(workflows, tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    for source, target in ((tmp_path / "none", "out"), (tmp_path / "empty", "out"), (workflows, "workflows")):
        assert main(["layout", "--dir", str(source), "--out-dir", str(tmp_path / target)]) == 1
        assert "wfintel: error:" in capsys.readouterr().err
