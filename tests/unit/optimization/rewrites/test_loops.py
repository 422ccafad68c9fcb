"""Which loops within tasks become mapped tasks when functions have parameters, and which stay."""

from __future__ import annotations

import ast

import pytest

from tests.unit.optimization.rewrites.test_rewrites import names, planned

LOOP = """
        SHOPS = ("north", "south", "east", "west", "harbour")
        SEEN = []

        class Counter:
            def __init__(self):
                self.count = 0
            def add(self):
                self.count += 1
                return self.count

        COUNTER = Counter()

        def work(shops, pause=8):
            for number, shop in enumerate(shops, start=1):
                print(f"{{number}} of {{len(shops)}}")
                {turn}
                depot.build(f"shop_{{shop}}", "calendar", pause=pause)

        with DAG("d") as dag:
            PythonOperator(task_id="work", python_callable=work, op_args=[SHOPS])
"""


def test_parameters_get_their_values_in_the_new_function():
    plan = planned(LOOP.format(turn="depot.fetch(shop, pause=4)"))
    assert names(plan) == ["split-loop"]
    assert plan.final.dag.task("work").instances == 5
    made = next(
        item for item in ast.parse(plan.final.source).body if isinstance(item, ast.FunctionDef) and item.name == "work"
    )
    assert [item.arg for item in made.args.args] == ["item"]
    assert [ast.unparse(line).replace("(", "").replace(")", "") for line in made.body[:3]] == [
        "pause = 8",
        "shops = SHOPS",
        "number, shop = item",
    ]


@pytest.mark.parametrize(
    "turn",
    [
        "SEEN.append(shop)",
        "SEEN[:] = [*SEEN, shop]",
        "depot.build(f'n_{COUNTER.add()}', 'calendar')",
        "globals()['last'] = shop",
    ],
)
def test_a_loop_whose_turns_change_what_lies_outside_of_them_stays(turn):
    assert names(planned(LOOP.format(turn=turn))) == []


def test_a_loop_in_a_function_that_gets_the_context_stays():
    plan = planned("""
        SHOPS = ["north", "south", "east", "west", "harbour"]

        with DAG("d") as dag:
            @task
            def work(shops, ti=None):
                for shop in shops:
                    depot.build(f"shop_{shop}", "calendar", pause=12)
                    print(ti.try_number)

            work(SHOPS)
    """)
    assert names(plan) == []
