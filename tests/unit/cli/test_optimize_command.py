"""`wfintel optimize`: files in, a rewritten file, a report and a diff out. The child process is left out here."""

from __future__ import annotations

import ast
import json
from datetime import datetime, timedelta, timezone

import pytest

from airflow_provider_wfintel.cli.main import main
from tests.unit.optimization.understanding.depot import DEPOT

SLOW = """from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

import depot

NAMES = ["north", "south", "east"]

with DAG("copies", schedule=None) as dag:
    last = None
    for name in NAMES:
        fetch = PythonOperator(task_id=f"fetch_{name}", python_callable=depot.fetch, op_args=[name, 20])
        if last:
            last >> fetch
        last = fetch
    total = PythonOperator(task_id="total", python_callable=depot.build, op_args=["total", *[f"in_{n}" for n in NAMES]])
    last >> total
"""
SOUND = """from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

import depot

with DAG("one", schedule=None) as dag:
    PythonOperator(task_id="fetch_north", python_callable=depot.fetch, op_args=["north", 20])
"""


@pytest.fixture
def place(tmp_path):
    (tmp_path / "depot.py").write_text(DEPOT)
    (tmp_path / "copies.py").write_text(SLOW)
    (tmp_path / "one.py").write_text(SOUND)
    begin = datetime(2026, 3, 1, tzinfo=timezone.utc)
    rows = []
    for run in range(3):
        clock = begin + timedelta(hours=run)
        for name in ("fetch_north", "fetch_south", "fetch_east", "total"):
            end = clock + timedelta(seconds=20)
            rows.append(
                {
                    "task_id": name,
                    "dag_id": "copies",
                    "dag_run_id": f"run{run}",
                    "map_index": -1,
                    "state": "success",
                    "try_number": 1,
                    "start_date": clock.isoformat(),
                    "end_date": end.isoformat(),
                    "duration": 20.0,
                    "pool": "default_pool",
                }
            )
            clock = end + timedelta(seconds=1)
    (tmp_path / "history.json").write_text(json.dumps({"task_instances": rows, "total_entries": len(rows)}))
    return tmp_path


def optimize(place, name: str, *more: str) -> int:
    return main(["optimize", str(place / name), "--history", str(place / "history.json"), "--no-import", *more])


def test_the_rewritten_file_and_the_report_are_written(place, capsys):
    assert optimize(place, "copies.py", "--write", str(place / "out.py"), "--report", str(place / "r.json")) == 0
    ast.parse((place / "out.py").read_text())
    report = json.loads((place / "r.json").read_text())
    assert report["changed"] is True
    assert report["dag_id"] == "copies"
    assert report["rewrites"][0]["rewrite"] == "drop-needless-orders"
    predicted = report["predicted"]["makespan_s"]
    assert predicted["after"] < predicted["before"]
    assert set(report["predicted"]) >= {"makespan_s", "p90_s", "slot_seconds", "cost", "success_odds"}
    assert report["bottlenecks"][0]["saves_s"] > 0
    assert "drop 2 needless orders" in capsys.readouterr().out


def test_the_diff_can_be_applied_to_the_original(place, capsys):
    assert optimize(place, "copies.py", "--diff") == 0
    out = capsys.readouterr().out
    assert out.startswith("--- a/copies.py\n+++ b/copies.py\n")
    assert "-            last >> fetch\n" in out


def test_a_sound_layout_is_said_to_have_nothing_to_gain(place, capsys):
    assert optimize(place, "one.py", "--write", str(place / "out.py")) == 0
    assert "Nothing to gain" in capsys.readouterr().out
    assert (place / "out.py").read_text() == SOUND


@pytest.mark.parametrize(
    ("pools", "status"),
    [
        ('{"pools": [{"name": "p", "slots": 2, "description": "x"}], "total_entries": 1}', 0),
        ('[{"name": "p", "slots": 2}]', 0),
        ('{"p": 2}', 0),
        ('{"pools": [{"name": "p"}]}', 1),
        ("no json", 1),
    ],
)
def test_pools_are_read_in_the_forms_that_people_save_them(place, pools, status, capsys):
    (place / "pools.json").write_text(pools)
    assert optimize(place, "copies.py", "--pools", str(place / "pools.json")) == status


@pytest.mark.parametrize("strategy", ["performance", "cost", "reliability", "hybrid"])
def test_every_strategy_gives_a_plan(place, strategy, capsys):
    assert optimize(place, "copies.py", "--strategy", strategy) == 0


def test_what_is_missing_is_named(place, capsys):
    assert main(["optimize", str(place / "none.py"), "--history", str(place / "history.json")]) == 1
    assert "there is no file" in capsys.readouterr().err
    (place / "plain.py").write_text("x = 1\n")
    assert optimize(place, "plain.py") == 1
    assert "no DAG" in capsys.readouterr().err
    assert main(["optimize", str(place / "copies.py")]) == 1
    assert "needs --history" in capsys.readouterr().err


def test_a_rewrite_that_a_check_finds_fault_with_costs_only_itself_and_those_after_it(place, capsys, monkeypatch):
    from airflow_provider_wfintel.app import optimize as use_case

    seen = []

    def wrong(before, after, *rest):
        seen.append(after)
        return "it is wrong" if len(seen) == 1 else ""

    monkeypatch.setattr(use_case, "_wrong", wrong)
    assert optimize(place, "copies.py", "--report", str(place / "r.json"), "--write", str(place / "out.py")) == 0
    report = json.loads((place / "r.json").read_text())
    assert len(seen) == 2
    assert report["left"][0]["why"] == "it is wrong"
    assert (place / "out.py").read_text() == seen[1]


def test_an_order_that_data_prove_cannot_be_confirmed_away(place, capsys):
    (place / "needed.py").write_text(
        SOUND.replace("one", "needed")
        + """    total = PythonOperator(task_id="total", python_callable=depot.build, op_args=["total", "in_north"])
    dag.get_task("fetch_north") >> total
""".replace('dag.get_task("fetch_north")', "fetch")
    )
    text = (
        (place / "needed.py")
        .read_text()
        .replace('    PythonOperator(task_id="fetch', '    fetch = PythonOperator(task_id="fetch')
    )
    (place / "needed.py").write_text(text)
    assert optimize(place, "needed.py", "--confirm", "fetch_north->total") == 1
    assert "is needed" in capsys.readouterr().err
    assert optimize(place, "needed.py", "--confirm", "fetch_north->nobody") == 1
    assert "has no task 'nobody'" in capsys.readouterr().err


def test_an_order_that_a_person_has_stated_stays(place, capsys):
    report = place / "r.json"
    assert optimize(place, "copies.py", "--keep-order", "fetch_north->fetch_south", "--report", str(report)) == 0
    assert "drop 1 needless order" in capsys.readouterr().out
    left = {item["what"]: item["why"] for item in json.loads(report.read_text())["left"]}
    assert "person has said" in left["fetch_north -> fetch_south"]


def test_a_stated_width_is_written_into_the_file_that_is_rewritten(place, capsys):
    out = place / "out.py"
    assert optimize(place, "copies.py", "--max-active-tasks", "2", "--write", str(out)) == 0
    assert "max_active_tasks=2" in out.read_text()


def test_hybrid_lists_the_layouts_with_their_names(place):
    report = place / "r.json"
    assert optimize(place, "copies.py", "--strategy", "hybrid", "--pick", "fastest", "--report", str(report)) == 0
    picks = {pick for layout in json.loads(report.read_text())["pareto"] for pick in layout["picks"]}
    assert picks == {"fastest", "cheapest", "safest", "balanced"}


def test_a_deadline_shows_the_odds_of_keeping_it(place):
    report = place / "r.json"
    assert optimize(place, "copies.py", "--strategy", "reliability", "--deadline", "60", "--report", str(report)) == 0
    odds = json.loads(report.read_text())["predicted"]["odds_by_deadline"]
    assert odds["before"] == 0.0
    assert odds["after"] > 0.9


@pytest.mark.parametrize(
    ("option", "value", "word"),
    [
        ("--keep-order", "fetch_north", "is no order"),
        ("--once", "nobody", "no task 'nobody'"),
        ("--protect-pool", "nowhere", "uses the pool 'nowhere'"),
        ("--max-active-tasks", "0", "cannot run anything"),
        ("--deadline", "-3", "is no time"),
        ("--weights", "1,2", "not three numbers"),
        ("--weights", "0,0,0", "weigh nothing"),
        ("--slot-price", "-1", "is no price"),
    ],
)
def test_limits_and_goals_that_mean_nothing_are_refused(place, option, value, word, capsys):
    assert optimize(place, "copies.py", f"{option}={value}") == 1
    assert word in capsys.readouterr().err
