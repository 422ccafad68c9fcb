"""Whole DAG files that look as if they could be laid out better, and must keep their orders: none may be lost by any plan."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.optimization.proof.order import bits, classify_edges, closure
from airflow_provider_wfintel.engine.optimization.understanding.reader import read_dag_file
from tests.evals.optimization.slow_cases import TOWN, plan_of
from tests.unit.optimization.rewrites.traps_of_loops import LOOPS
from tests.unit.optimization.rewrites.traps_of_order import ORDERS

LIBRARY = {"etl_lib": (TOWN / "etl_lib.py").read_text(encoding="utf-8")}
IMPORTS = """
from datetime import datetime, timedelta
import os, sqlite3, shutil, subprocess, json, tempfile, csv
from pathlib import Path

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.sdk import DAG, chain, dag, task, TaskGroup

import etl_lib
"""

TRAPS = {**ORDERS, **LOOPS}
"""What each is about: the orders that stay, and the file."""
WHOLE = (
    "turns that need the turn before",
    "the first host that answers",
    "a total over the turns",
    "a list in another order",
    "a list with nothing in one place",
    "a dict of results",
    "a session that counts its calls",
    "a comprehension that adds to one file",
    "a list that a folder gives",
)


def orders(text: str) -> list[tuple[str, str]]:
    return [(one, two) for one, _, two in (word.partition("->") for word in text.split())]


@pytest.mark.parametrize("name", TRAPS)
def test_no_order_that_stays_is_called_needless(name):
    keep, source = TRAPS[name]
    dag = read_dag_file(IMPORTS + source, LIBRARY).dags[-1]
    verdicts = {(proof.upstream, proof.downstream): proof.verdict for proof in classify_edges(dag)}
    assert [pair for pair in orders(keep) if verdicts.get(pair) == "proven false"] == []


@pytest.mark.parametrize("name", TRAPS)
def test_no_plan_loses_an_order_that_stays(name):
    keep, source = TRAPS[name]
    final = plan_of(IMPORTS + source, LIBRARY, {}).final
    hosts, dag = final.hosts(), final.dag
    before = closure(len(dag.tasks), [(dag.index[one], dag.index[two]) for one, two in dag.edges])
    for one, two in orders(keep):
        if hosts[one] == hosts[two]:
            within = [part.task_id for part in final.parts_of(hosts[one])]
            assert within.index(one) < within.index(two)
        else:
            assert dag.index[hosts[one]] in set(bits(before[dag.index[hosts[two]]]))


@pytest.mark.parametrize("name", WHOLE)
def test_no_loop_that_is_one_piece_of_work_is_split(name):
    plan = plan_of(IMPORTS + TRAPS[name][1], LIBRARY, {})
    assert "split-loop" not in [item.proposal.rewrite for item in plan.applied]
