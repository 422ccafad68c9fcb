"""Loops that stand in a module, or go over a list that is pulled: which of them become mapped tasks, and which stay."""

from __future__ import annotations

import textwrap

import pytest

from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft
from airflow_provider_wfintel.engine.optimization.rewrites.plan import choose
from airflow_provider_wfintel.engine.optimization.rewrites.registry import REWRITES
from tests.unit.optimization.rewrites.cases import surroundings
from tests.unit.optimization.rewrites.test_rewrites import names, planned
from tests.unit.optimization.understanding.depot import DEPOT
from tests.unit.optimization.understanding.test_reading import HEAD

JOBS = """
import depot

SHOPS = ("north", "south", "east", "west", "harbour")

def one(shop):
    depot.fetch(shop, pause=6)

def everything():
    for shop in SHOPS:
        one(shop)
"""
FILE = """
import jobs

with DAG("d") as dag:
    PythonOperator(task_id="work", python_callable=jobs.everything)
"""


def plan_with(jobs: str, file: str = FILE):
    draft = Draft(HEAD + file, {"depot": DEPOT, "jobs": jobs}, "d")
    return choose(draft, surroundings(draft), REWRITES)


def test_a_loop_in_a_module_is_split_in_the_file_and_the_module_stays_as_it_is():
    plan = plan_with(JOBS)
    assert names(plan) == ["split-loop"]
    assert plan.final.siblings["jobs"] == JOBS
    assert "from jobs import SHOPS, one\n" in plan.final.source
    assert "def everything_here(shop):\n    one(shop)" in plan.final.source
    assert plan.final.dag.task("work").instances == 5


def test_the_import_of_a_function_that_is_not_used_any_more_goes():
    plan = plan_with(
        JOBS, FILE.replace("import jobs", "from jobs import everything").replace("jobs.everything", "everything")
    )
    assert "from jobs import SHOPS, one\n" in plan.final.source


@pytest.mark.parametrize(
    ("jobs", "file"),
    [
        (JOBS, FILE.replace("import jobs", "import jobs\none = 1")),
        (
            JOBS.replace("one(shop)\n", "one(shop)\n        SEEN.append(shop)\n").replace(
                "SHOPS =", "SEEN = []\nSHOPS ="
            ),
            FILE,
        ),
        (JOBS.replace("one(shop)\n", "depot.build('same', shop)\n"), FILE),
        (JOBS.replace("def everything", "@depot.once\ndef everything"), FILE),
    ],
    ids=["a name means something else", "a list of the module", "one file for all turns", "a decorator"],
)
def test_other_loops_in_modules_stay(jobs, file):
    assert "split-loop" not in names(plan_with(jobs, file))


PULLED = """
def shops():
    return ["north", "south", "east", "west", "harbour"]

def work({parameters}):
{pull}
        depot.fetch(name, pause=6)

with DAG("d") as dag:
    found = PythonOperator(task_id="shops", python_callable=shops)
    done = PythonOperator(task_id="work", python_callable=work)
    found >> done
"""


@pytest.mark.parametrize(
    ("parameters", "pull"),
    [
        ("**context", '    names = context["ti"].xcom_pull(task_ids="shops")\n    for name in names:'),
        ("ti", '    names = ti.xcom_pull("shops")\n    for name in names:'),
        ("ti", '    for name in ti.xcom_pull(task_ids="shops"):'),
    ],
)
def test_a_loop_over_a_pulled_list_is_expanded_over_the_output_of_the_task(parameters, pull):
    plan = planned(PULLED.format(parameters=parameters, pull=pull))
    assert names(plan) == ["split-loop"]
    assert ".expand(op_args=found.output.map(lambda name: [name]))" in plan.final.source
    assert ("shops", "work") in plan.final.dag.edges
    assert plan.final.dag.task("work").instances == 5


def test_a_taskflow_function_gets_the_list_as_its_argument():
    body = textwrap.dedent("""
        with DAG("d") as dag:
            @task
            def shops():
                return ["north", "south", "east", "west", "harbour"]

            @task
            def work(ti=None):
                for name in ti.xcom_pull(task_ids="shops"):
                    depot.fetch(name, pause=6)

            found = shops()
            found >> work()
    """)
    plan = planned(body)
    assert "work.expand(" in plan.final.source


@pytest.mark.parametrize(
    ("parameters", "pull"),
    [
        ("ti", '    names = ti.xcom_pull("shops")\n    print(ti.run_id)\n    for name in names:'),
        ("ti", '    names = ti.xcom_pull(task_ids=["shops"])\n    for name in names:'),
        ("ti", '    names = ti.xcom_pull("shops", key="other")\n    for name in names:'),
        ("ti", '    names = ti.xcom_pull("shops")\n    print(len(names))\n    for name in sorted(names):'),
    ],
    ids=["the context is used again", "a list of tasks", "another key", "another list"],
)
def test_other_pulls_stay(parameters, pull):
    assert "split-loop" not in names(planned(PULLED.format(parameters=parameters, pull=pull)))
