"""Loops that fill a list for other tasks, comprehensions, and lists that come from another task, as mapped tasks."""

from __future__ import annotations

import pytest

from tests.unit.optimization.rewrites.test_rewrites import names, planned

SHOPS = 'SHOPS = ["north", "south", "east", "west", "harbour"]\n'


def dag(fetch: str, total: str = "depot.build('total', *made)", before: str = "") -> str:
    """A DAG in which `fetch` hands a list to `total`."""
    lines = [SHOPS, before, 'with DAG("d") as dag:', "    @task", "    def fetch():"]
    lines += [f"        {line}" for line in fetch.strip().splitlines()]
    lines += ["    @task", "    def total(made):", *(f"        {line}" for line in total.strip().splitlines())]
    return "\n".join([*lines, "    total(fetch())"])


LOOP = """
made = []
for shop in SHOPS:
    made.append(depot.fetch(shop, pause=8))
return made
"""
COMPREHENSION = "return [depot.fetch(shop, pause=8) for shop in SHOPS]"


@pytest.mark.parametrize("code", [LOOP, COMPREHENSION])
def test_a_list_that_is_handed_on_becomes_the_output_of_a_mapped_task(code):
    plan = planned(dag(code))
    assert names(plan) == ["split-loop"]
    assert plan.final.dag.task("fetch").instances == 5
    assert "return depot.fetch(shop, pause=8)" in plan.final.source
    assert plan.final.dag.edges == {("fetch", "total")}


def test_who_goes_through_the_list_stays_and_who_does_more_gets_a_list():
    through = planned(dag(LOOP, "for one in made:\n    depot.build(f'copy_{one}', one)"))
    assert "list(made)" not in through.final.source
    more = planned(dag(LOOP, "print(made[0] + made[-1])\ndepot.build('total', 'in_' + 'north')"))
    assert "made = list(made)" in more.final.source


def test_what_the_mapped_task_hands_on_is_still_known():
    plan = planned(dag(LOOP))
    total = plan.final.dag.task("total")
    assert total.known
    assert sum("in_" in item for item in total.reads) == 5


@pytest.mark.parametrize(
    ("fetch", "total"),
    [
        (LOOP.replace("return made", "return made[::-1]"), "depot.build('total', *made)"),
        (LOOP.replace("return made", "return {'made': made}"), "depot.build('total', *made['made'])"),
        (LOOP.replace("made.append(depot.fetch(shop, pause=8))", "made.append(depot.put(shop, []))"), "print(made)"),
        (LOOP.replace("return made", "print(len(made))\nreturn made"), "depot.build('total', *made)"),
        (
            "before = ''\n" + LOOP.replace("shop, pause=8))", "shop + before, pause=8))\n    before = shop"),
            "print(made)",
        ),
        (COMPREHENSION.replace("in SHOPS", "in SHOPS if shop != depot.take('closed')"), "print(made)"),
    ],
)
def test_lists_in_another_order_or_of_unknown_length_stay(fetch, total):
    assert "split-loop" not in names(planned(dag(fetch, total)))


def test_a_list_that_two_functions_share_stays():
    twice = dag(LOOP).replace("total(fetch())", 'total(fetch())\n    total.override(task_id="again")(["a"])')
    assert "split-loop" not in names(planned(twice))


def test_a_loop_over_what_another_task_returns_is_expanded_over_it_and_never_cut_into_groups():
    plan = planned(
        'with DAG("d") as dag:\n'
        "    @task\n"
        "    def shops():\n"
        "        return [f'shop_{number}' for number in range(40)]\n"
        "    @task\n"
        "    def copy(names):\n"
        "        for name in names:\n"
        "            depot.fetch(name, pause=2)\n"
        "    found = shops()\n"
        "    copy(found)\n"
    )
    assert "copy.expand(name=found)" in plan.final.source
    assert plan.final.dag.task("copy").instances == 40
    assert "names = found" not in plan.final.source


def test_loops_side_by_side_are_split_together_where_one_alone_gains_little():
    body = (
        SHOPS
        + 'with DAG("d") as dag:\n    @task\n    def end():\n        depot.build("end", "in_north_a", "in_north_b")\n'
    )
    for word in "ab":
        body += f"    @task\n    def copy_{word}():\n        for shop in SHOPS:\n            depot.fetch(f'{{shop}}_{word}', pause=6)\n"
    plan = planned(body + "    [copy_a(), copy_b()] >> end()\n")
    assert {task.task_id: task.instances for task in plan.final.dag.tasks} == {"copy_a": 5, "copy_b": 5, "end": 1}
