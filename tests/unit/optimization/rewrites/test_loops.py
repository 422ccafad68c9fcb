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


def test_groups_that_a_function_makes_are_set_free_of_each_other():
    plan = planned("""
        TABLES = ["a", "b", "c", "d"]

        @dag(schedule=None)
        def d():
            @task_group
            def one(table):
                @task
                def fetch(name):
                    depot.fetch(name, pause=6)
                @task
                def build(name):
                    depot.build(f"out_{name}", f"in_{name}", pause=6)
                fetch(table) >> build(table)
            groups = [one.override(group_id=f"g_{table}")(table) for table in TABLES]
            for left, right in zip(groups, groups[1:]):
                left >> right
            @task
            def last():
                depot.build("last", *[f"out_{table}" for table in TABLES], pause=2)
            groups[-1] >> last()
        d()
    """)
    assert "drop-needless-orders" in names(plan)
    after = plan.final.dag
    assert {one for one, two in after.edges if two == "last"} == {f"g_{table}.build" for table in "abcd"}
    assert not {two for _, two in after.edges if two.endswith(".fetch")}


def test_tasks_of_comprehensions_are_named_by_their_lists():
    plan = planned("""
        with DAG("d") as dag:
            gets = [PythonOperator(task_id=f"get_{name}", python_callable=depot.fetch, op_args=[name, 9]) for name in "abc"]
            for number in range(2):
                gets[number] >> gets[number + 1]
            end = PythonOperator(task_id="end", python_callable=depot.build, op_args=["end", "in_a", "in_b", "in_c"])
            gets[-1] >> end
    """)
    assert names(plan) == ["drop-needless-orders"]
    assert plan.final.dag.edges == {(f"get_{name}", "end") for name in "abc"}


def test_an_argument_that_a_function_does_not_use_makes_no_other_work_of_it():
    plan = planned("""
        with DAG("d") as dag:
            @task
            def fetch(why):
                depot.fetch("a", pause=9)
            @task
            def build(name):
                depot.build(name, "in_a", pause=3)
            one, two = fetch.override(task_id="one")("x"), fetch.override(task_id="two")("y")
            one >> build.override(task_id="left")("left") >> two >> build.override(task_id="right")("right")
    """)
    assert "drop-repeated-work" in names(plan)
