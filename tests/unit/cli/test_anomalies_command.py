"""`wfintel anomalies`: run history in, findings out."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta, timezone

import pytest

START = datetime(2026, 3, 2, 6, tzinfo=timezone.utc)


def run_row(day, seconds=600.0, dag="shop", **more):
    due = START + timedelta(days=day)
    start = due + timedelta(seconds=4)
    return {
        "dag_id": dag,
        "dag_run_id": f"scheduled-{day}",
        "state": "success",
        "run_type": "scheduled",
        "run_after": due.isoformat(),
        "start_date": start.isoformat(),
        "end_date": (start + timedelta(seconds=seconds)).isoformat(),
    } | more


def history(days=60, *, dag="shop", skip=(), slower_from=None):
    chance = random.Random(1)  # noqa: S311
    runs = []
    for day in range(days):
        seconds = 600 * 2.718281828 ** chance.gauss(0, 0.03)
        seconds *= 1.6 if slower_from is not None and day >= slower_from else 1.0
        if day not in skip:
            runs.append(run_row(day, seconds, dag))
    return {"dag_runs": runs, "task_instances": []}


@pytest.fixture
def file(tmp_path):
    def write(data, name="history.json"):
        path = tmp_path / name
        path.write_text(data if isinstance(data, str) else json.dumps(data))
        return path

    return write


def answer(wfintel, *arguments):
    status, out, err = wfintel("anomalies", *arguments, "--json")
    assert (status, err) == (0, "")
    return json.loads(out)


def test_a_steady_dag_has_no_findings(wfintel, file):
    found = answer(wfintel, file(history()))
    assert found == {"dag_id": "shop", "cadence": "daily", "runs": 60, "runs_needed": 0, "findings": []}


def test_a_missing_day_is_a_finding(wfintel, file):
    found = answer(wfintel, file(history(skip=(40,))))
    assert [item["kind"] for item in found["findings"]] == ["missing_run"]
    assert found["findings"][0]["last"] == (START + timedelta(days=40)).isoformat()


def test_a_shift_names_the_change_before_it(wfintel, file):
    at = (START + timedelta(days=39, hours=12)).isoformat()
    facts = {"changes": [{"kind": "dag_version", "at": at, "text": "version 7 of the DAG"}]}
    found = answer(wfintel, file(history(slower_from=40)), "--facts", file(facts, "facts.json"))
    shifts = [item for item in found["findings"] if item["kind"] == "level_shift"]
    assert [cause["text"] for cause in shifts[0]["causes"]] == ["version 7 of the DAG came right before"]
    assert shifts[0]["observed"] > 1.4 * shifts[0]["expected"]


def test_too_few_runs_are_said(wfintel, file):
    status, out, _ = wfintel("anomalies", file(history(5)))
    assert status == 0
    assert "5 runs are not enough to judge one; 3 more are needed" in out


def test_words_for_people(wfintel, file):
    data = history()
    data["dag_runs"][50] = run_row(50, 3600.0)
    status, out, _ = wfintel("anomalies", file(data))
    assert status == 0
    assert "shop: 1 findings in 60 runs (daily)" in out
    assert "took 60 min" in out


def test_lines_keep_their_order_and_bad_ones_become_records(wfintel, file, tmp_path):
    lines = [
        {"id": "a", **history(skip=(40,))},
        {"id": "two", "dag_runs": [run_row(1), run_row(2, dag="other")], "task_instances": []},
        {"id": "rows", **history(), "rows": {"scheduled-3": "many"}},
        {"id": "b", **history(dag="b")},
    ]
    source = file("\n".join(map(json.dumps, lines)) + "\nnonsense\n", "in.jsonl")
    status, _, _ = wfintel("anomalies", "--jsonl", source, "--out", tmp_path / "out.jsonl")
    records = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert status == 3
    assert [item["id"] for item in records] == ["a", "two", "rows", "b", "line-5"]
    assert len(records[0]["findings"]) == 1
    assert records[1]["error"] == "a line is about one DAG, not 2"
    assert records[2]["error_type"] == "UserInputError"
    assert records[3]["findings"] == []


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ([], "no object"),
        ({"cadence": "yearly"}, "'yearly' is unknown"),
        ({"country": "XX"}, "no holidays"),
        ({"changes": [{"kind": "mood"}]}, "is no change"),
        ({"changes": [{"kind": "code", "at": "soon"}]}, "'soon'"),
    ],
)
def test_bad_facts_end_with_one_line(wfintel, file, facts, said):
    status, _, err = wfintel("anomalies", file(history()), "--facts", file(facts, "facts.json"))
    assert status == 1
    assert said in err


@pytest.mark.parametrize("arguments", [("--out", "x"), ("--jsonl", "-", "history.json")])
def test_what_contradicts_itself_is_wrong_usage(wfintel, arguments):
    status, _, err = wfintel("anomalies", *arguments)
    assert status == 2
    assert "give HISTORY.json or --jsonl IN" in err


@pytest.mark.parametrize("option", ["--tag", "--owner", "--team", "--days", "--limit"])
def test_options_about_the_deployment_are_refused_beside_a_history(wfintel, file, option):
    status, _, err = wfintel("anomalies", file(history()), option, "3")
    assert status == 1
    assert f"{option} is about this deployment" in err


def test_options_about_a_history_are_refused_without_one(wfintel, file):
    status, _, err = wfintel("anomalies", "--facts", file({}, "facts.json"))
    assert status == 1
    assert "--facts goes with a history file" in err
