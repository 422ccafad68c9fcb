"""What a rewrite left over is taken away, and nothing else."""

from __future__ import annotations

import ast

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
