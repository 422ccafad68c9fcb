"""Orders that a hasty reader would call needless: each case hides a reason for the order, and none may be dropped."""

from __future__ import annotations

import textwrap

import pytest

from airflow_provider_wfintel.engine.optimization.proof.order import classify_edges
from airflow_provider_wfintel.engine.optimization.understanding.reader import read_dag_file

IMPORTS = """
import contextlib
import functools
import glob
import itertools
import json
import operator
import os
import shutil
import sqlite3
import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.providers.postgres.hooks.postgres import PostgresHook
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, Asset, Variable, chain, dag, task, task_group

import settings
from stores import CLIENT, REPOS
"""


def verdict(source: str, siblings: dict[str, str] | None = None) -> str:
    found = read_dag_file(IMPORTS + textwrap.dedent(source), siblings or {}).dags[-1]
    return {(proof.upstream, proof.downstream): proof.verdict for proof in classify_edges(found)}["one", "two"]


def two(first: str, second: str, before: str = "") -> str:
    """A DAG of two tasks in a row; each body also makes a file of its own, so that it touches named data."""
    lines = [
        *textwrap.dedent(before).strip().splitlines(),
        'with DAG("d") as d:',
        "    @task",
        "    def one():",
        '        Path("/data/own_one.csv").write_text("x")',
        *(f"        {line}" for line in textwrap.dedent(first).strip().splitlines()),
        "    @task",
        "    def two():",
        '        Path("/data/own_two.csv").write_text("x")',
        *(f"        {line}" for line in textwrap.dedent(second).strip().splitlines()),
        "    one() >> two()",
    ]
    return "\n".join(lines)


def test_without_a_trap_the_order_is_needless():
    assert verdict(two("pass", "pass")) == "proven false"


FILES = {
    "a file of the day, by the clock": (
        "open(f'/out/orders_{datetime.now():%Y%m%d}.csv', 'w').write('x')",
        "print(open(f'/out/orders_{datetime.now():%Y%m%d}.csv').read())",
    ),
    "a file of the day that is looked for by its folder": (
        "open(f'/out/orders_{datetime.now():%Y%m%d}.csv', 'w').write('x')",
        "print([p.name for p in Path('/out').glob('*.csv')])",
    ),
    "a file of a name of its own that is looked for by its folder": (
        "open(f'/out/{uuid.uuid4()}.csv', 'w').write('x')",
        "for p in Path('/out').iterdir(): print(p)",
    ),
    "a pattern of the glob module": ("open('/out/a.csv', 'w')", "for p in glob.glob('/out/*.csv'): print(p)"),
    "a relative and an absolute path": ("open('out/a.csv', 'w')", "print(open('/opt/airflow/out/a.csv').read())"),
    "a path written in another way": ("open('/out/./x/../a.csv', 'w')", "print(open('/out/a.csv').read())"),
    "a path of a URI": ("open('/out/a.csv', 'w')", "print(pd.read_csv('file:///out/a.csv'))"),
    "a folder that the second only writes into": (
        "os.makedirs('/out/day', exist_ok=True)",
        "open('/out/day/a.csv', 'w').write('x')",
    ),
    "a folder made by a path": (
        "Path('/out/day').mkdir(parents=True, exist_ok=True)",
        "Path('/out/day/a.csv').write_text('x')",
    ),
    "a folder that is emptied": ("shutil.rmtree('/out/day')", "open('/out/day/a.csv', 'w').write('x')"),
    "lines added to a business file in order": (
        "open('/out/bookings.csv', 'a').write('header')",
        "open('/out/bookings.csv', 'a').write('rows')",
    ),
    "an array written by numpy": ("np.save('/out/a.npy', [1])", "print(np.load('/out/a.npy'))"),
    "a path that one of two branches chose, renamed": (
        "p = Path('/out/a.tmp')\nif settings.BIG:\n    p = Path('/out/b.tmp')\np.replace('/out/final.csv')",
        "print(open('/out/final.csv').read())",
    ),
    "a folder of another name": (
        "open(f'{settings.BASE}/x/../a.csv', 'w').write('x')",
        "print(open(f'{settings.BASE}/a.csv').read())",
    ),
    "a path that leads out of its folder": (
        "open(f'{settings.BASE}/../b/a.csv', 'w').write('x')",
        "print(open(f'{settings.BASE}/a.csv').read())",
    ),
    "a second name of a file": ("Path('/out/latest').symlink_to('/out/a.csv')", "pass"),
    "a database that is copied as a file": (
        "sqlite3.connect('/data/app.db').execute('INSERT INTO sales SELECT 1')",
        "shutil.copy('/data/app.db', '/backup/app.db')",
    ),
    "a file that says that all is there": ("pass", "open('/out/_SUCCESS', 'w')"),
    "a flag that others look at": ("open('/flags/maintenance', 'w')", "pass"),
    "a lock that is taken away": ("pass", "os.remove('/flags/load.lock')"),
    "a variable of the environment": ("os.environ['BASE'] = '/data'", "pass"),
    "a path from settings that may be the same": (
        "open(settings.TARGET, 'w').write('x')",
        "print(open(settings.SOURCE).read())",
    ),
    "a branch that an imported flag chooses": (
        "if settings.FAST:\n    open('/out/a.csv', 'w')\nelse:\n    open('/out/b.csv', 'w')",
        "print(open('/out/b.csv').read())",
    ),
    "a branch that an attribute of an unknown thing chooses": (
        "if CLIENT.fast:\n    open('/out/a.csv', 'w')\nelse:\n    open('/out/b.csv', 'w')",
        "print(open('/out/b.csv').read())",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_files(name):
    assert verdict(two(*FILES[name])) != "proven false"


def by_sql(first: str, second: str) -> str:
    return two(f"PostgresHook('w').run({first!r})", f"PostgresHook('w').run({second!r})")


STATEMENTS = {
    "truncate, then insert": ("TRUNCATE TABLE sales", "INSERT INTO sales SELECT * FROM raw"),
    "truncate of two tables": ("TRUNCATE TABLE other, sales", "INSERT INTO sales SELECT * FROM raw"),
    "another schema": ("INSERT INTO dwh.sales SELECT 1", "SELECT * FROM sales"),
    "a table that is renamed": ("ALTER TABLE sales_new RENAME TO sales", "INSERT INTO mart SELECT * FROM sales"),
    "tables that are swapped": ("ALTER TABLE sales_new SWAP WITH sales", "INSERT INTO mart SELECT * FROM sales"),
    "select into": ("SELECT * INTO sales FROM raw", "INSERT INTO mart SELECT * FROM sales"),
    "an insert within a query": (
        "WITH moved AS (INSERT INTO sales SELECT 1 RETURNING *) SELECT * FROM moved",
        "INSERT INTO mart SELECT * FROM sales",
    ),
    "a view of the name": ("INSERT INTO sales SELECT * FROM raw", "INSERT INTO mart SELECT * FROM v_sales_by_day"),
    "a procedure": ("CALL build_sales()", "INSERT INTO mart SELECT * FROM sales"),
    "a function that acts": (
        "INSERT INTO log_of_runs SELECT process_orders(7)",
        "INSERT INTO mart SELECT * FROM sales",
    ),
    "a function in a query": ("SELECT rebuild('sales')", "INSERT INTO mart SELECT * FROM sales"),
    "a schema that is dropped": ("DROP SCHEMA stage CASCADE", "INSERT INTO stage.sales SELECT * FROM raw"),
    "a materialized view that is refreshed": (
        "REFRESH MATERIALIZED VIEW sales",
        "INSERT INTO mart SELECT * FROM sales",
    ),
    "partitions that are exchanged": (
        "ALTER TABLE sales EXCHANGE PARTITION p1 WITH TABLE sales_new",
        "INSERT INTO mart SELECT * FROM sales",
    ),
    "a sequence": ("SELECT nextval('invoice')", "INSERT INTO invoices SELECT 1"),
    "a table of states": ("INSERT INTO sales SELECT * FROM raw", "INSERT INTO etl_control VALUES ('sales', 'ready')"),
    "a table of states that is changed": ("INSERT INTO sales SELECT 1", "UPDATE load_status SET state = 'done'"),
    "a file read by SQL": ("INSERT INTO sales SELECT * FROM 'own_two.parquet'", "INSERT INTO mart SELECT 1"),
    "a lock": ("LOCK TABLE sales", "INSERT INTO mart SELECT * FROM other"),
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_statements(name):
    assert verdict(by_sql(*STATEMENTS[name])) != "proven false"


def test_a_view_made_in_the_file_shows_what_lies_below_it():
    source = """
    with DAG("d") as d:
        zero = SQLExecuteQueryOperator(task_id="zero", sql="CREATE VIEW daily AS SELECT * FROM sales")
        one = SQLExecuteQueryOperator(task_id="one", sql="INSERT INTO sales SELECT * FROM raw")
        two = SQLExecuteQueryOperator(task_id="two", sql="INSERT INTO mart SELECT * FROM daily")
        zero >> one >> two
    """
    assert verdict(source) != "proven false"


def test_the_name_of_a_table_that_is_a_parameter_may_be_any_table():
    first, second = "INSERT INTO sales SELECT * FROM raw", "INSERT INTO mart SELECT * FROM {{ params.source }}"
    source = f"""
    with DAG("d") as d:
        one = SQLExecuteQueryOperator(task_id="one", sql={first!r})
        two = SQLExecuteQueryOperator(task_id="two", sql={second!r})
        one >> two
    """
    assert verdict(source) != "proven false"


CODE = {
    "a method of a client of another module": ("CLIENT.upload('a')", "pass", ""),
    "a method two attributes deep": ("CLIENT.meta.tables.remove('a')", "pass", ""),
    "a method of an item of a client": ("CLIENT.tables['a'].update(1)", "pass", ""),
    "methods of objects in a list of another module": ("for r in REPOS:\n    r.update()", "pass", ""),
    "methods of objects in a sorted list": ("for r in sorted(REPOS):\n    r.remove()", "pass", ""),
    "methods of objects in a comprehension": ("[r.update() for r in REPOS if r.old]", "pass", ""),
    "an object that one of two branches chose": (
        "r = None\nif settings.BIG:\n    r = CLIENT\nr.update()",
        "pass",
        "",
    ),
    "a static method": (
        "Store.keep('a')",
        "print(open('/data/a').read())",
        "class Store:\n    @staticmethod\n    def keep(name):\n        open(f'/data/{name}', 'w')",
    ),
    "a class method": (
        "Store.keep('a')",
        "print(open('/data/a').read())",
        "class Store:\n    base = '/data'\n    @classmethod\n    def keep(cls, name):\n        open(f'{cls.base}/{name}', 'w')",
    ),
    "a property": (
        "print(Store().newest)",
        "print(open('/data/a').read())",
        "class Store:\n    @property\n    def newest(self):\n        return open('/data/a', 'w')",
    ),
    "a method of a class that inherits": (
        "Local().keep('a')",
        "print(open('/data/a').read())",
        "class Store:\n    def keep(self, name):\n        open(f'/data/{name}', 'w')\nclass Local(Store):\n    pass",
    ),
    "a method of a class that inherits from elsewhere": (
        "Local().keep('a')",
        "pass",
        "class Local(CLIENT.Base):\n    pass",
    ),
    "an object that is called": (
        "Store()('a')",
        "print(open('/data/a').read())",
        "class Store:\n    def __call__(self, name):\n        open(f'/data/{name}', 'w')",
    ),
    "an object that is entered": (
        "with Store():\n    pass",
        "print(open('/data/a').read())",
        "class Store:\n    def __enter__(self):\n        return self\n    def __exit__(self, *how):\n        open('/data/a', 'w')",
    ),
    "a context manager": (
        "with store():\n    pass",
        "print(open('/data/a').read())",
        "@contextlib.contextmanager\ndef store():\n    yield 1\n    open('/data/a', 'w')",
    ),
    "a generator": (
        "for name in names():\n    print(name)",
        "print(open('/data/a').read())",
        "def names():\n    open('/data/a', 'w')\n    yield 'a'",
    ),
    "a class with a decorator of elsewhere": (
        "Store().keep()",
        "pass",
        "@CLIENT.register\nclass Store:\n    def keep(self):\n        pass",
    ),
    "attributes that are made when they are asked for": (
        "Store().anything",
        "pass",
        "class Store:\n    def __getattr__(self, name):\n        return open('/data/' + name, 'w')",
    ),
    "a function handed to reduce": (
        "functools.reduce(lambda a, b: open('/data/b', 'w'), [1, 2])",
        "print(open('/data/b').read())",
        "",
    ),
    "a method handed to map": ("list(map(CLIENT.upload, ['a']))", "pass", ""),
    "a function handed to map": (
        "list(map(keep, ['a']))",
        "print(open('/data/a').read())",
        "def keep(name):\n    open(f'/data/{name}', 'w')",
    ),
    "a function handed to starmap": (
        "list(itertools.starmap(keep, [('a',)]))",
        "print(open('/data/a').read())",
        "def keep(name):\n    open('/data/a', 'w')",
    ),
    "a method called by name": ("operator.methodcaller('upload')(CLIENT)", "pass", ""),
    "a function with a decorator of elsewhere": (
        "keep()",
        "pass",
        "@CLIENT.retry\ndef keep():\n    pass",
    ),
    "a variable of Airflow that is set": ("Variable.set('cursor', 1)", "pass", ""),
    "an approval that the first task waits for": (
        "if not Path('/data/approved.flag').exists():\n    raise RuntimeError('not approved')",
        "pass",
        "",
    ),
    "a verdict on rows": ("if len(open('/data/in.csv').readlines()) < 5:\n    raise ValueError", "pass", ""),
    "a hook made by a function": (
        "hook().run('INSERT INTO sales SELECT * FROM raw')",
        "hook().run('INSERT INTO mart SELECT * FROM sales')",
        "def hook():\n    return PostgresHook('w')",
    ),
    "a hook of another kind": (
        "SlackHook('s').call('chat')",
        "pass",
        "from airflow.providers.slack.hooks.slack import SlackHook",
    ),
}


@pytest.mark.parametrize("name", CODE)
def test_code(name):
    first, second, before = CODE[name]
    assert verdict(two(first, second, before)) != "proven false"


AIRFLOW = {
    "an asset that says that all is ready": """
    with DAG("d") as d:
        @task
        def one():
            Path("/data/a.csv").write_text("x")
        @task(outlets=[Asset("warehouse_ready")])
        def two():
            Path("/data/summary.csv").write_text("x")
        one() >> two()
    """,
    "an XCom by key of no task": """
    with DAG("d") as d:
        @task
        def one(ti=None):
            Path("/data/a.csv").write_text("x")
            ti.xcom_push("rows", 1)
        @task
        def two(ti=None):
            Path("/data/b.csv").write_text(str(ti.xcom_pull(key="rows")))
        one() >> two()
    """,
    "an XCom by key of a task": """
    with DAG("d") as d:
        @task
        def one(ti=None):
            Path("/data/a.csv").write_text("x")
            ti.xcom_push("rows", 1)
        @task
        def two(ti=None):
            Path("/data/b.csv").write_text(str(ti.xcom_pull(task_ids="one", key="rows")))
        one() >> two()
    """,
    "an XCom in a statement of a template": """
    def write(text):
        Path("/data/b.csv").write_text(text)
    with DAG("d") as d:
        @task
        def one():
            Path("/data/a.csv").write_text("x")
            return 1
        two = PythonOperator(task_id="two", python_callable=write, op_args=["{% set n = ti.xcom_pull('one') %} done"])
        one() >> two
    """,
    "runs that wait for the direct followers": """
    with DAG("d", default_args={"wait_for_downstream": True}) as d:
        @task
        def one():
            Path("/data/a.csv").write_text("x")
        @task
        def two():
            Path("/data/b.csv").write_text("x")
        one() >> two()
    """,
    "a callback": """
    with DAG("d") as d:
        @task(on_success_callback=CLIENT.release)
        def one():
            Path("/data/a.csv").write_text("x")
        @task
        def two():
            Path("/data/b.csv").write_text("x")
        one() >> two()
    """,
    "a shell command": """
    with DAG("d") as d:
        one = BashOperator(task_id="one", bash_command="cp /data/a.csv /data/b.csv")
        @task
        def two():
            Path("/data/c.csv").write_text(Path("/data/b.csv").read_text())
        one >> two()
    """,
}


@pytest.mark.parametrize("name", AIRFLOW)
def test_words_of_airflow(name):
    assert verdict(AIRFLOW[name]) != "proven false"


@pytest.mark.parametrize("name", ["wait_for_replica", "cooldown", "begin_maintenance"])
def test_the_name_of_a_task_tells_that_it_waits_or_guards(name):
    found = read_dag_file(
        IMPORTS + two("pass", "pass").replace("one() >> two()", f'one.override(task_id="{name}")() >> two()'), {}
    )
    (proof,) = classify_edges(found.dags[0])
    assert proof.verdict != "proven false"
