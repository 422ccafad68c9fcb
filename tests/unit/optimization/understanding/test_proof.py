"""Which orders are proven needed, proven needless, or neither; and that no needed one gets lost."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.optimization.proof.kept import lost_orders
from airflow_provider_wfintel.engine.optimization.proof.order import (
    Order,
    bits,
    classify_edges,
    closure,
    needed_order,
    reduce_order,
)
from airflow_provider_wfintel.engine.optimization.understanding.aliases import may_alias
from airflow_provider_wfintel.engine.optimization.understanding.reader import read_dag_file
from tests.unit.optimization.understanding.depot import DEPOT
from tests.unit.optimization.understanding.test_reading import HEAD


def read(body: str):
    (found,) = read_dag_file(HEAD + textwrap.dedent(body), {"depot": DEPOT}).dags
    return found


def verdicts(body: str) -> dict[tuple[str, str], str]:
    return {(proof.upstream, proof.downstream): proof.verdict for proof in classify_edges(read(body))}


def two_tasks(first: str, second: str, extra: str = "") -> str:
    return f"""
        {extra or "pass"}
        with DAG("d") as dag:
            @task
            def one():
                {first}
            @task
            def two():
                {second}
            one() >> two()
    """


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        ("depot.fetch('a')", "depot.build('m', 'in_a')", "proven real"),
        ("depot.fetch('a')", "depot.fetch('b')", "proven false"),
        ("depot.build('m', 'in_a')", "depot.fetch('a')", "proven real"),
        ("depot.fetch('a')", "depot.fetch('a')", "proven real"),
        ("depot.fetch('a')", "depot.put('ledger', []); open(depot.base() / 'ledger.log').read()", "proven real"),
        ("depot.fetch('a')", "print('done')", "unknown"),
        ("print('start')", "depot.fetch('a')", "unknown"),
        ("depot.fetch('a')", "open('/data/' + str(depot.base)).read()", "unknown"),
        ("depot.landed('a')", "depot.fetch('b')", "unknown"),
    ],
)
def test_an_order_is_judged_by_the_data_of_both_sides(first, second, verdict):
    assert verdicts(two_tasks(first, second))["one", "two"] == verdict


SENSORS = """
        from airflow.providers.standard.sensors.python import PythonSensor
        with DAG("d") as dag:
            a = PythonSensor(task_id="a", python_callable=depot.landed, op_args=["a"])
            b = PythonSensor(task_id="b", python_callable=depot.landed, op_args=["b"])
            load = PythonOperator(task_id="load", python_callable=depot.build, op_args=["out", "a", "b"])
            other = PythonOperator(task_id="other", python_callable=depot.fetch, op_args=["x"])
            a >> b >> load >> other
            {more}
"""


def test_who_reads_what_a_sensor_waits_for_stays_behind_it():
    found = verdicts(SENSORS.format(more="a >> other"))
    assert found["a", "b"] == "proven false"
    assert found["b", "load"] == "proven real"
    assert found["a", "other"] == "proven false"


def test_a_sensor_that_nobody_seems_to_need_is_kept():
    found = verdicts("""
        from airflow.providers.standard.sensors.python import PythonSensor
        with DAG("d") as dag:
            a = PythonSensor(task_id="a", python_callable=depot.landed, op_args=["a"])
            other = PythonOperator(task_id="other", python_callable=depot.fetch, op_args=["x"])
            a >> other
    """)
    assert found["a", "other"] == "unknown"


@pytest.mark.parametrize("refusal", ["raise ValueError('bad')", "assert depot.take('in_a')"])
def test_a_check_that_may_refuse_keeps_what_follows_behind_it(refusal):
    body = f"depot.put('seen', []); rows = depot.take('in_a'); assert rows; {refusal if 'assert' in refusal else ''}"
    if "raise" in refusal:
        body = (
            "rows = depot.take('in_a')\n                depot.put('seen', [])\n                if not rows:\n                    "
            + refusal
        )
    assert verdicts(two_tasks(body, "depot.fetch('b')"))["one", "two"] == "unknown"


def test_a_task_named_as_a_check_whose_result_nobody_reads_is_a_gate():
    body = """
        with DAG("d") as dag:
            check = PythonOperator(task_id="check_rows", python_callable=depot.build, op_args=["verdict", "in_a"])
            after = PythonOperator(task_id="load", python_callable=depot.fetch, op_args=["b"])
            check >> after
    """
    assert verdicts(body)["check_rows", "load"] == "unknown"


def test_a_comment_that_tells_to_keep_an_order_is_obeyed():
    body = """
        with DAG("d") as dag:
            a = PythonOperator(task_id="a", python_callable=depot.fetch, op_args=["a"])
            b = PythonOperator(task_id="b", python_callable=depot.fetch, op_args=["b"])
            a >> b  # the order matters: b locks what a needs
    """
    dag = read(body)
    assert needed_order(dag).needed[1] == 1


def test_orders_behind_a_branch_and_into_other_trigger_rules_stay_direct():
    body = """
        with DAG("d") as dag:
            @task.branch
            def choose():
                return "a"
            a = PythonOperator(task_id="a", python_callable=depot.fetch, op_args=["a"])
            b = PythonOperator(task_id="b", python_callable=depot.fetch, op_args=["b"])
            c = PythonOperator(task_id="c", python_callable=depot.fetch, op_args=["c"], trigger_rule="all_done")
            choose() >> a >> b >> c
    """
    assert all(verdict != "proven false" for verdict in verdicts(body).values())


def test_a_barrier_is_looked_through():
    dag = read("""
        with DAG("d") as dag:
            barrier = EmptyOperator(task_id="barrier")
            for name in ["a", "b"]:
                one = PythonOperator(task_id=f"fetch_{name}", python_callable=depot.fetch, op_args=[name])
                two = PythonOperator(task_id=f"build_{name}", python_callable=depot.build, op_args=[f"m_{name}", f"in_{name}"])
                one >> barrier >> two
    """)
    order = needed_order(dag)
    needed = {
        (dag.tasks[first].task_id, task.task_id) for task in dag.tasks for first in bits(order.needed[task.position])
    }
    assert needed == {("fetch_a", "build_a"), ("fetch_b", "build_b")}


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("table:orders", "table:shop.orders", True),
        ("table:a.orders", "table:b.orders", False),
        ("file:/data/a.csv", "file:/data/b.csv", False),
        ("file:/data", "file:/data/b.csv", True),
        ("file:⟨x⟩/a", "file:⟨x⟩/b", False),
        ("file:⟨x⟩/a", "file:⟨y⟩/a", True),
        ("file:⟨x⟩/a", "table:a", False),
    ],
)
def test_names_that_may_mean_the_same_thing_are_not_told_apart(one, two, same):
    assert may_alias(one, two) is same
    assert may_alias(two, one) is same


@st.composite
def orders(draw):
    count = draw(st.integers(2, 9))
    pairs = [(first, second) for second in range(count) for first in range(second)]
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=20)) if pairs else []
    return count, closure(count, chosen), draw(st.integers(0, 2**count - 1))


@settings(max_examples=150, deadline=None)
@given(orders())
def test_the_reduction_keeps_every_needed_order_and_adds_none(case):
    count, needed, _ = case
    edges = reduce_order(Order(needed, (0,) * count, (1 << count) - 1), list(range(count)))
    assert closure(count, edges) == needed


@settings(max_examples=100, deadline=None)
@given(orders())
def test_no_edge_of_the_reduction_is_spare(case):
    count, needed, _ = case
    edges = reduce_order(Order(needed, (0,) * count, (1 << count) - 1), list(range(count)))
    assert all(closure(count, edges - {edge}) != needed for edge in edges)


def test_a_lost_order_is_named():
    before = read(two_tasks("depot.fetch('a')", "depot.build('m', 'in_a')"))
    after = read(two_tasks("depot.fetch('a')", "depot.build('m', 'in_a')").replace("one() >> two()", "one(); two()"))
    hosts = {"one": "one", "two": "two"}
    assert lost_orders(before, before, hosts, {}, {}) == []
    assert lost_orders(before, after, hosts, {}, {}) == ["nothing guarantees one before two"]
    assert lost_orders(before, after, {"two": "two"}, {}, {}) == [
        "the work of one is gone",
        "nothing guarantees one before two",
    ]


MESSAGES = """
        def tell(words):
            with open(depot.base() / "messages.log", "a") as log:
                log.write(words)
        with DAG("d") as dag:
            a = PythonOperator(task_id="a", python_callable=depot.fetch, op_args=["a"])
            told = PythonOperator(task_id={name!r}, python_callable=tell, op_args=["done"])
            b = PythonOperator(task_id="b", python_callable=depot.fetch, op_args=["b"])
            a >> told >> b
"""


@pytest.mark.parametrize(
    ("name", "verdict"),
    [("notify_team", "proven false"), ("announce_start", "unknown"), ("book_in", "unknown")],
)
def test_what_follows_a_message_does_not_need_it_but_for_one_that_warns(name, verdict):
    found = verdicts(MESSAGES.format(name=name))
    assert found[name, "b"] == verdict
    assert found["a", name] == "unknown"


def test_the_output_of_a_task_in_a_template_is_followed_to_what_its_code_says():
    found = read("""
        with DAG("d") as dag:
            @task
            def name():
                return "sales"
            first = name()
            load = SQLExecuteQueryOperator(
                task_id="load", conn_id="c", sql="INSERT INTO mart SELECT * FROM {{ ti.xcom_pull(task_ids='name') }}"
            )
            first >> load
    """)
    assert found.task("load").reads >= {"table:sales", "xcom:name"}
