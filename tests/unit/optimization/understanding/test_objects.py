"""Code of classes, context managers and generators is followed: what they read and write is known."""

from __future__ import annotations

import textwrap

import pytest

from airflow_provider_wfintel.engine.optimization.understanding.reader import read_dag_file

HEAD = """
import contextlib
import functools
import os
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

from airflow.sdk import DAG, task
"""


def only_task(code: str, body: str):
    source = HEAD + textwrap.dedent(code) + 'with DAG("d") as d:\n    @task\n    def one():\n'
    source += textwrap.indent(textwrap.dedent(body).strip(), "        ") + "\n    one()\n"
    (found,) = read_dag_file(source, {}).dags
    return found.tasks[0]


STORE = """
    class Store:
        base = Path("/data")

        def __init__(self, name, kind="csv"):
            self.name = name
            self.kind = kind

        @property
        def path(self):
            return self.base / f"{self.name}.{self.kind}"

        @staticmethod
        def of(name):
            return Store(name)

        @classmethod
        def parquet(cls, name):
            return cls(name, kind="parquet")

        def save(self, text):
            self.path.write_text(text)

    class Archive(Store):
        base = Path("/archive")

        def __init__(self, name):
            super().__init__(name, "gz")

        def save(self, text):
            super().save(text)
"""


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ("Store('a').save('x')", "/data/a.csv"),
        ("Store.of('a').save('x')", "/data/a.csv"),
        ("Store.parquet('a').save('x')", "/data/a.parquet"),
        ("Archive('a').save('x')", "/archive/a.gz"),
        ("save = Store('a').save\nsave('x')", "/data/a.csv"),
        ("for store in [Store('a')]:\n    store.save('x')", "/data/a.csv"),
    ],
)
def test_methods_are_followed_with_the_fields_of_their_object(body, path):
    found = only_task(STORE, body)
    assert found.known, found.unknown_because
    assert f"file:{path}" in found.writes


def test_a_dataclass_with_methods_has_both():
    code = """
    @dataclass
    class Target:
        name: str
        folder: str = "/data"

        def save(self):
            open(f"{self.folder}/{self.name}", "w").write("x")
    """
    found = only_task(code, "Target('a').save()")
    assert found.known
    assert "file:/data/a" in found.writes


def test_a_context_manager_gives_what_it_yields_and_runs_to_its_end():
    code = """
    @contextlib.contextmanager
    def book(name):
        with open(f"/data/{name}", "a") as pages:
            yield pages
        Path("/data/done").write_text("x")
    """
    found = only_task(code, "with book('b.log') as pages:\n    pages.write('x')")
    assert found.known
    assert found.appends == {"file:/data/b.log"}
    assert "file:/data/done" in found.writes


def test_the_items_of_a_generator_are_known():
    code = """
    def names(count):
        for number in range(count):
            yield f"part_{number}"
    """
    found = only_task(code, "for name in names(2):\n    open(f'/data/{name}', 'w')")
    assert {"file:/data/part_0", "file:/data/part_1"} <= found.writes


def test_map_and_filter_give_their_items():
    found = only_task("", "for name in map('part_{}'.format, filter(lambda n: n > 1, [1, 2])):\n    open(name, 'w')")
    assert "file:part_2" in found.writes
    assert "file:part_1" not in found.writes


def test_what_one_task_sets_in_an_object_of_the_module_is_not_seen_by_another():
    source = HEAD + textwrap.dedent("""
    class Store:
        def __init__(self):
            self.name = "start"
        def rename(self, name):
            self.name = name
        def save(self):
            open(f"/data/{self.name}", "w")
    STORE = Store()
    with DAG("d") as d:
        @task
        def one():
            STORE.rename("a")
            STORE.save()
        @task
        def two():
            STORE.save()
        one() >> two()
    """)
    one, two = read_dag_file(source, {}).dags[0].tasks
    assert "file:/data/a" in one.writes
    assert "file:/data/start" in two.writes
    assert "file:/data/a" not in two.writes


def test_a_list_of_the_module_that_a_task_fills_is_not_understood():
    found = only_task("SEEN = []\n", "SEEN.append('a')\nopen('/data/a', 'w')")
    assert not found.known


def test_a_task_whose_own_input_is_missing_is_no_check():
    body = """
    missing = [name for name in ["a", "b"] if not Path(f"/data/{name}").exists()]
    if missing:
        raise RuntimeError(missing)
    text = [Path(f"/data/{name}").read_text() for name in ["a", "b"]]
    Path("/data/c").write_text(str(text))
    """
    assert only_task("", body).gates == ()


def test_a_task_that_asks_for_a_file_that_it_does_not_read_is_a_check():
    body = """
    if not os.path.exists("/data/approved"):
        raise RuntimeError("not approved")
    Path("/data/c").write_text("x")
    """
    assert [gate.what for gate in only_task("", body).gates] == ["RuntimeError"]
