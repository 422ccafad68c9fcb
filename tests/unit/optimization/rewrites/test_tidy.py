"""What a rewrite left over is taken away, and nothing else."""

from __future__ import annotations

import ast

from airflow_provider_wfintel.engine.optimization.rewrites.edit import Edits, apply_edits
from airflow_provider_wfintel.engine.optimization.rewrites.tidy import tidy


def test_what_a_rewrite_left_over_is_tidied_and_nothing_else():
    before = "from a import b, c\nx = 1\ny = b(c)\nz = make(x)\nunused = 5\n"
    after = "from a import b, c\nx = 1\ny = b()\nz = make()\nunused = 5\n"
    assert tidy(before, after) == "from a import b\ny = b()\nz = make()\nunused = 5\n"
    ast.parse(tidy(before, after))


def test_a_group_that_nobody_names_any_more_loses_its_name():
    before = "def d():\n    with Group('a') as a, Group('b') as b:\n        x()\n    a >> b\n"
    after = "def d():\n    with Group('a') as a, Group('b') as b:\n        x()\n    b >> y\n"
    assert tidy(before, after) == "def d():\n    with Group('a'), Group('b') as b:\n        x()\n    b >> y\n"


def test_the_name_of_a_dag_at_the_top_of_a_file_stays():
    before, after = "with DAG('d') as dag:\n    x(dag)\n", "with DAG('d') as dag:\n    x()\n"
    assert tidy(before, after) == after


SECTIONS = """
with DAG("d") as dag:
    # --- extracts
    one = fetch("one")
    two = fetch("two")

    # only for one
    check = fetch("check")

    # --- marts
    # of the night
    mart = fetch("mart")
    second = fetch("second")
"""


def test_a_heading_over_several_statements_stays_when_the_first_of_them_goes():
    edits = Edits()
    for name in ("one", "check", "mart"):
        edits.replaced[
            1 + next(n for n, line in enumerate(SECTIONS.splitlines()) if line.strip().startswith(f"{name} ="))
        ] = []
    changed = apply_edits(SECTIONS, edits)
    assert '    # --- extracts\n    two = fetch("two")\n' in changed
    assert '    # --- marts\n    # of the night\n    second = fetch("second")\n' in changed
    assert "only for one" not in changed
