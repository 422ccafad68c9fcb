"""Metrics from runs and tries."""

from __future__ import annotations

import json
import re

import pytest

from airflow_provider_wfintel.engine.model import TaskTry, WorkflowRun
from airflow_provider_wfintel.engine.monitoring.metrics import Book, DagFacts, Prices, Scope, as_prometheus, summary
from airflow_provider_wfintel.exceptions import UserInputError

NOW = "2026-03-02T08:00:00+00:00"
SHOP = Scope("dag", "shop")
FACTS = {"shop": DagFacts(("daily", "money"), "ann"), "lab": DagFacts(("daily",), "bob")}


def clock(minutes, seconds=0):
    return f"2026-03-02T{6 + minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}+00:00"


def tried(task="load", dag="shop", number=1, **more):
    values = {
        "scheduled_at": clock(0),
        "queued_at": clock(0, 5),
        "started_at": clock(1),
        "ended_at": clock(3),
        "state": "success",
    } | more
    return TaskTry(try_id=f"{dag}.{task}.{number}", dag_id=dag, run_id="r1", task_id=task, try_number=number, **values)


def ran(dag="shop", run="r1", state="success", minutes=10):
    return WorkflowRun(dag, run, state, run_after=clock(0), started_at=clock(0, 30), ended_at=clock(minutes))


def book(runs=(), tries=(), rows=None, prices=None):
    made = Book(prices or Prices(), FACTS)
    made.add(runs, tries, rows)
    return made


def total(made, scope, metric):
    return made.figures[scope].sketches[metric].total


def test_a_try_is_split_into_waiting_and_running():
    made = book(tries=[tried()])
    got = [total(made, SHOP, name) for name in ("scheduling_delay_seconds", "queue_wait_seconds", "run_time_seconds")]
    assert got == [5.0, 55.0, 120.0]


def test_a_run_has_a_makespan_and_a_delay():
    made = book(runs=[ran()])
    assert total(made, SHOP, "makespan_seconds") == 570.0
    assert total(made, SHOP, "start_delay_seconds") == 30.0


def test_slots_and_prices_make_money_per_pool():
    prices = Prices(0.6, {"gpu": 6.0})
    made = book(tries=[tried("a", pool_slots=3), tried("b", pool="gpu")], prices=prices)
    assert total(made, Scope("pool", "default_pool"), "slot_seconds") == 360.0
    assert total(made, Scope("pool", "default_pool"), "cost") == pytest.approx(0.06)
    assert total(made, Scope("pool", "gpu"), "cost") == pytest.approx(0.2)
    assert total(made, Scope("deployment"), "cost") == pytest.approx(0.26)


def test_every_scope_gets_what_is_its_own():
    made = book([ran(), ran("lab")], [tried(), tried(dag="lab")])
    runs = {scope: sum(figures.runs.values()) for scope, figures in made.figures.items()}
    assert runs[Scope("tag", "daily")] == 2
    assert runs[Scope("tag", "money")] == runs[Scope("owner", "ann")] == runs[SHOP] == 1
    assert runs[Scope("deployment")] == 2
    assert runs[Scope("task", "load", "shop")] == 0


def test_retries_and_success_are_counted():
    made = book([ran(), ran(run="r2", state="failed")], [tried(state="failed"), tried(number=2)])
    assert made.figures[SHOP].retries == 1
    assert made.figures[SHOP].success_rate == 0.5
    assert made.figures[Scope("task", "load", "shop")].success_rate == 0.5


def test_what_goes_on_is_not_counted_yet():
    made = book(
        [ran(state="running")], [tried(state="running"), tried("b", state="up_for_retry"), tried("c", state="queued")]
    )
    assert made.figures == {}


def test_a_try_that_comes_twice_counts_once_as_it_was_last():
    made = book(tries=[tried(state="failed"), tried(state="success")])
    assert made.figures[SHOP].tries == {"success": 1}


def test_unknown_values_are_left_out():
    made = book(tries=[tried(queued_at="", cpu_seconds=None), tried("b", cpu_seconds=4.0, peak_rss_bytes=100)])
    sketches = made.figures[SHOP].sketches
    assert sketches["queue_wait_seconds"].count == 1
    assert (sketches["cpu_seconds"].total, sketches["peak_rss_bytes"].total) == (4.0, 100)
    assert "rows" not in sketches


def test_rows_come_from_what_the_try_reported():
    assert total(book(tries=[tried()], rows={"shop.load.1": 42}), SHOP, "rows") == 42


def test_freshness_is_the_time_since_the_last_success():
    made = book([ran(minutes=10), ran(run="r2", minutes=60), ran(run="r3", state="failed", minutes=90)])
    assert made.freshness(SHOP, NOW) == 3600.0
    assert made.freshness(Scope("dag", "unknown"), NOW) is None


def test_two_hours_merged_are_the_two_hours_together():
    first, second = ([ran()], [tried()]), ([ran(run="r2")], [tried("b", state="failed")])
    merged = book(*first)
    merged.merge(book(*second))
    assert merged.figures == book(first[0] + second[0], first[1] + second[1]).figures


def test_the_state_is_json():
    made = book([ran()], [tried()])
    again = Book.from_json(json.loads(json.dumps(made.as_json())))
    assert again.figures == made.figures


@pytest.mark.parametrize("damage", [{"version": 9}, {"scopes": [["planet", "x", "", {}]]}, {"scopes": [[1]]}])
def test_a_state_that_cannot_be_read_is_refused(damage):
    with pytest.raises(UserInputError, match="metrics"):
        Book.from_json(book([ran()]).as_json() | damage)


def test_the_summary_has_quantiles_by_kind_and_name():
    found = summary(book([ran()], [tried()]), NOW)
    assert found["dag"]["shop"]["metrics"]["run_time_seconds"]["p95"] == pytest.approx(120.0, rel=0.01)
    assert found["task"]["shop"]["load"]["tries"] == {"success": 1}
    assert found["deployment"]["success_rate"] == 1.0
    assert json.loads(json.dumps(found)) == found
    assert summary(Book(), NOW) == {}


def test_prometheus_text_declares_each_name_once_and_escapes_labels():
    made = Book(Prices(), {"shop": DagFacts(owner='an"n\\\n')})
    made.add([ran()], [tried(), tried("b")])
    lines = as_prometheus(made, NOW).splitlines()
    types = [line for line in lines if line.startswith("# TYPE")]
    assert len(types) == len(set(types))
    assert 'wfintel_dag_runs_total{dag_id="shop",state="success"} 1' in lines
    assert 'wfintel_dag_run_time_seconds_sum{dag_id="shop"} 240' in lines
    assert 'wfintel_owner_runs_total{owner="an\\"n\\\\\\n",state="success"} 1' in lines
    assert "wfintel_deployment_retries_total 0" in lines
    assert as_prometheus(Book(), NOW) == ""


def test_every_line_of_the_prometheus_text_follows_its_grammar():
    text = as_prometheus(book([ran()], [tried()]), NOW)
    name, label = r"[a-zA-Z_:][a-zA-Z0-9_:]*", r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
    line = rf"{name}(?:\{{{label}(?:,{label})*\}})? [-+0-9.e]+"
    for item in text.splitlines():
        assert item.startswith("# ") or re.fullmatch(line, item), item
