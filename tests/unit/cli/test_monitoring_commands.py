"""`wfintel forecast`, `health` and `metrics`: run history in, figures out."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta, timezone

import pytest

FIRST = datetime(2026, 1, 5, 6, tzinfo=timezone.utc)
NOISE = random.Random(3)  # noqa: S311 - a fixed seed, nothing secret


def stamp(time):
    return time.isoformat().replace("+00:00", "Z")


def instance(run, task, start, end, state="success", number=1):
    return {
        "id": f"{run}.{task}.{number}",
        "dag_id": "shop",
        "dag_run_id": run,
        "task_id": task,
        "try_number": number,
        "state": state,
        "queued_when": stamp(start - timedelta(seconds=2)),
        "scheduled_when": stamp(start - timedelta(seconds=3)),
        "start_date": stamp(start),
        "end_date": None if end is None else stamp(end),
    }


def history(days=30, *, running=True, failed=()):
    """Daily runs of extract (600 s) and load (1200 s after it), 10 % of noise; the last one still runs."""
    runs, tasks = [], []
    for day in range(days):
        due, name = FIRST + timedelta(days=day), f"r{day}"
        middle = due + timedelta(seconds=10 + 600 * NOISE.lognormvariate(0, 0.1))
        last = running and day == days - 1
        end = middle + timedelta(seconds=5 + 1200 * NOISE.lognormvariate(0, 0.1))
        state = "running" if last else "failed" if day in failed else "success"
        tasks.append(instance(name, "extract", due + timedelta(seconds=10), middle))
        tasks.append(instance(name, "load", middle + timedelta(seconds=5), None if last else end, state))
        runs.append(
            {
                "dag_id": "shop",
                "dag_run_id": name,
                "state": state,
                "run_after": stamp(due),
                "start_date": stamp(due + timedelta(seconds=1)),
                "end_date": None if last else stamp(end),
            }
        )
    return {"dag_runs": runs, "task_instances": tasks}


@pytest.fixture
def file(tmp_path):
    """Writes JSON into a file and gives its path."""

    def write(data, name="history.json"):
        path = tmp_path / name
        path.write_text(json.dumps(data))
        return path

    return write


NOW = stamp(FIRST + timedelta(days=29, seconds=900))


def forecast(wfintel, path, *more):
    status, out, err = wfintel("forecast", path, "--now", NOW, "--json", *more)
    assert status == 0, err
    return json.loads(out)


def test_the_running_run_and_the_next_one_are_forecast(wfintel, file):
    dependencies = file({"load": ["extract"]}, "tasks.json")
    answer = forecast(wfintel, file(history()), "--tasks", dependencies, "--deadline", "3600")
    (running,) = answer["running"]
    assert running["run_id"] == "r29"
    assert running["q10"] < running["q50"] < running["q90"]
    assert 1600 < running["q50"] < 2100
    assert running["miss_probability"] < 0.1
    assert answer["next_run"]["runs"] == 29
    assert answer["next_run"]["due"].startswith("2026-02-04T06:00")
    assert answer["suggested_deadline"] > answer["next_run"]["q90"] * 0.95
    assert 0 < answer["failure_probability"] < 0.2


def test_a_tight_deadline_is_likely_missed(wfintel, file):
    answer = forecast(wfintel, file(history()), "--deadline", "1300")
    assert answer["next_run"]["miss_probability"] > 0.9


def test_without_dependencies_it_still_forecasts(wfintel, file):
    answer = forecast(wfintel, file(history()))
    assert 1500 < answer["next_run"]["q50"] < 2200
    assert answer["next_run"]["miss_probability"] is None


def test_dependencies_as_rest_lists_tasks(wfintel, file):
    rest = {"tasks": [{"task_id": "extract", "downstream_task_ids": ["load"]}, {"task_id": "load"}]}
    own = forecast(wfintel, file(history()), "--tasks", file({"load": ["extract"]}, "own.json"))
    assert own["next_run"]["q50"] > 1500
    listed = wfintel("forecast", file(history()), "--now", NOW, "--tasks", file(rest, "rest.json"))
    assert listed[0] == 0


def test_the_words_name_the_run_and_say_how_few_runs_there_are(wfintel, file):
    status, out, _ = wfintel("forecast", file(history(8)), "--now", NOW)
    assert status == 0
    assert "r7" in out
    assert "only 7 runs" in out


def test_task_instances_alone_make_runs_too(wfintel, file):
    answer = forecast(wfintel, file({"task_instances": history()["task_instances"]}))
    assert answer["next_run"]["runs"] == 29
    assert answer["running"][0]["run_id"] == "r29"


def test_no_successful_run_means_no_forecast(wfintel, file):
    status, out, _ = wfintel("forecast", file(history(2, running=False, failed={0, 1})), "--now", NOW)
    assert status == 0
    assert "no forecast" in out


def test_health_scores_the_dag_and_gives_reasons(wfintel, file):
    well = json.loads(wfintel("health", file(history(40)), "--json")[1])["dags"]["shop"]
    sick_file = file(history(40, failed={35, 36, 37, 38}))
    sick = json.loads(wfintel("health", sick_file, "--json", "--deadline", "4000")[1])["dags"]["shop"]
    assert well["score"] > 90 > 75 > sick["score"]
    assert sick["reasons"][0]["points"] > 5
    status, out, _ = wfintel("health", sick_file)
    assert status == 0
    assert "shop" in out
    assert "deployment: 1 DAGs" in out


def test_health_of_groups_and_its_reliability(wfintel, file):
    groups = file({"tag:money": ["shop"], "tag:other": ["lab"]}, "groups.json")
    answer = json.loads(wfintel("health", file(history(60)), "--groups", groups, "--reliability", "--json")[1])
    assert set(answer["groups"]) == {"deployment", "tag:money"}
    assert sum(row["runs"] for row in answer["reliability"]) == 49
    assert "said" in wfintel("health", file(history(60)), "--reliability")[1]


def test_metrics_as_json_and_prometheus_text(wfintel, file):
    path = file(history(10))
    facts = file({"shop": {"tags": ["daily"], "owner": "ann"}}, "facts.json")
    found = json.loads(wfintel("metrics", path, "--now", NOW, "--price", "0.5", "--facts", facts)[1])
    shop = found["dag"]["shop"]
    assert shop["runs"] == {"success": 9}
    assert found["owner"]["ann"]["runs"] == {"success": 9}
    assert shop["metrics"]["cost"]["sum"] == pytest.approx(shop["metrics"]["slot_seconds"]["sum"] * 0.5 / 3600)
    status, out, _ = wfintel("metrics", path, "--now", NOW, "--format", "prometheus")
    assert status == 0
    assert 'wfintel_dag_runs_total{dag_id="shop",state="success"} 9' in out


@pytest.mark.parametrize(
    ("command", "content", "said"),
    [
        ("forecast", "{", "not JSON"),
        ("health", "[1]", "task_id"),
        ("metrics", '{"dag_runs": 3, "task_instances": []}', "dag_runs"),
        ("health", '{"dag_runs": [{"dag_id": "a"}], "task_instances": []}', "DAG run"),
        ("health", '{"dag_runs": [], "task_instances": []}', "no run"),
    ],
)
def test_bad_history_ends_with_one_line_and_status_1(wfintel, tmp_path, command, content, said):
    path = tmp_path / "bad.json"
    path.write_text(content)
    status, out, err = wfintel(command, path)
    assert (status, out) == (1, "")
    assert said in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    "options",
    [
        ("--dag", "unknown"),
        ("--now", "yesterday"),
        ("--now", "2026-01-01T00:00:00"),
        ("--deadline", "missing.json"),
        ("--deadline", "-5"),
        ("--deadline", "nan"),
    ],
)
def test_bad_options_end_with_one_line_and_status_1(wfintel, file, options):
    status, _, err = wfintel("forecast", file(history(3)), *options)
    assert status == 1
    assert len(err.splitlines()) == 1
