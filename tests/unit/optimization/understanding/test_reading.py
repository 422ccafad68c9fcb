"""A DAG file is read without being run: tasks, order, and what each task reads and writes."""

from __future__ import annotations

import textwrap

import pytest

from airflow_provider_wfintel.engine.optimization.proof.order import short
from airflow_provider_wfintel.engine.optimization.understanding.reader import read_dag_file
from airflow_provider_wfintel.exceptions import UserInputError
from tests.unit.optimization.understanding.depot import DEPOT

HEAD = """
from datetime import datetime
from airflow.providers.standard.operators.python import PythonOperator
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.sdk import DAG, TaskGroup, chain, cross_downstream, dag, task, task_group
import depot
"""


def read(body: str):
    (found,) = read_dag_file(HEAD + textwrap.dedent(body), {"depot": DEPOT}).dags
    return found


def names(resources) -> set[str]:
    return {short(item) for item in resources if not item.startswith("xcom:")}


def test_tasks_made_in_a_loop_have_the_ids_and_order_that_the_loop_gives_them():
    found = read("""
        with DAG("d") as dag:
            before = None
            for name in ["a", "b"]:
                step = PythonOperator(task_id=f"fetch_{name}", python_callable=depot.fetch, op_args=[name])
                if before:
                    before >> step
                before = step
    """)
    assert [task.task_id for task in found.tasks] == ["fetch_a", "fetch_b"]
    assert found.edges == {("fetch_a", "fetch_b")}
    assert found.doubts == ()


@pytest.mark.parametrize(
    ("order", "edges"),
    [
        ("a >> [b, c] >> d", {("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")}),
        ("d << c << a", {("c", "d"), ("a", "c")}),
        ("chain(a, [b, c], d)", {("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")}),
        ("chain([a, b], [c, d])", {("a", "c"), ("b", "d")}),
        ("cross_downstream([a, b], [c, d])", {("a", "c"), ("a", "d"), ("b", "c"), ("b", "d")}),
        ("a.set_downstream([b, c]); d.set_upstream(b)", {("a", "b"), ("a", "c"), ("b", "d")}),
        ("[one >> d for one in (a, b)]", {("a", "d"), ("b", "d")}),
    ],
)
def test_every_way_to_say_an_order_is_read(order, edges):
    found = read(f"""
        with DAG("d") as dag:
            a, b, c, d = [EmptyOperator(task_id=name) for name in "abcd"]
            {order}
    """)
    assert found.edges == edges


def test_taskflow_outputs_groups_and_mapping_are_read():
    found = read("""
        @dag(schedule=None)
        def flow():
            @task
            def names():
                return ["x", "y"]

            @task
            def load(name, suffix):
                depot.fetch(name + suffix)

            @task_group
            def both():
                load.override(task_id="one")("p", "q")
                load.override(task_id="two")("r", "s")

            load.partial(suffix="_s").expand(name=names()) >> both()

        flow()
    """)
    assert [task.task_id for task in found.tasks] == ["names", "load", "both.one", "both.two"]
    assert found.edges == {("names", "load"), ("load", "both.one"), ("load", "both.two")}
    assert names(found.task("both.one").writes) == {"in_pq.json"}
    assert "xcom:names" in found.task("load").reads


def test_calls_into_the_module_beside_the_file_are_followed_to_the_files_they_touch():
    found = read("""
        with DAG("d") as dag:
            PythonOperator(task_id="t", python_callable=depot.build, op_args=["out", "in_a"], op_kwargs={"pause": 2})
    """)
    task = found.task("t")
    assert task.known
    assert names(task.reads) == {"in_a.json"}
    assert names(task.writes) == {"out.json"}
    assert names(task.appends) == {"ledger.log"}
    assert task.record.sleeps == 2


def test_a_temporary_name_that_is_renamed_is_no_data_of_its_own():
    found = read("""
        with DAG("d") as dag:
            PythonOperator(task_id="t", python_callable=depot.fetch, op_args=["a"])
    """)
    assert all("getpid" not in item for item in found.task("t").writes)


def test_sql_is_read_wherever_it_stands():
    found = read("""
        with DAG("d") as dag:
            SQLExecuteQueryOperator(task_id="t", conn_id="c", sql="INSERT INTO mart.x SELECT * FROM a JOIN s.b USING (k)")
    """)
    assert found.task("t").reads == {"table:a", "table:s.b"}
    assert "table:mart.x" in found.task("t").writes


@pytest.mark.parametrize(
    "statement",
    [
        "CALL refresh()",
        "SELECT do_things(1)",
        "INSERT INTO t SELECT {{ ti.xcom_pull('x') }}",
        "{% if x %}SELECT 1{% endif %}",
    ],
)
def test_sql_that_may_do_anything_is_not_claimed_to_be_understood(statement):
    found = read(f"""
        with DAG("d") as dag:
            SQLExecuteQueryOperator(task_id="t", conn_id="c", sql={statement!r})
    """)
    assert not found.task("t").known


@pytest.mark.parametrize(
    "body",
    [
        "requests.post('http://x', json={})",
        "subprocess.run(['x'])",
        "boto3.client('s3').upload_file('a', 'b', 'c')",
        "open(secret_path(), 'w').write('x')",
        "eval('1')",
        "context['ti'].xcom_pull(task_ids=which)",
    ],
)
def test_what_is_not_understood_makes_a_task_unknown(body):
    found = read(f"""
        import requests, subprocess, boto3
        from elsewhere import secret_path, which
        with DAG("d") as dag:
            def work(**context):
                {body}
            PythonOperator(task_id="t", python_callable=work)
    """)
    assert not found.task("t").known
    assert found.task("t").unknown_because


def test_a_declaration_in_a_comment_stands_for_code_that_cannot_be_read():
    found = read("""
        with DAG("d") as dag:
            BashOperator(task_id="t", bash_command="run.sh")  # wfintel: reads=raw.a,raw.b writes=mart.c
    """)
    assert found.task("t").known
    assert found.task("t").reads == {"table:raw.a", "table:raw.b"}
    assert "table:mart.c" in found.task("t").writes


def test_templates_and_xcoms_are_dependencies_on_data():
    found = read("""
        with DAG("d") as dag:
            @task
            def use(ti=None):
                ti.xcom_pull(task_ids="a")
            use()
            BashOperator(task_id="b", bash_command="echo {{ ti.xcom_pull(task_ids=['x', 'y']) }}")
    """)
    assert "xcom:a" in found.task("use").reads
    assert {"xcom:x", "xcom:y"} <= found.task("b").reads


def test_a_condition_that_is_not_known_leaves_a_doubt():
    found = read("""
        import os
        with DAG("d") as dag:
            a = EmptyOperator(task_id="a")
            if os.environ.get("WITH_B"):
                b = EmptyOperator(task_id="b")
                a >> b
    """)
    assert found.doubts


def test_a_loop_over_what_is_not_known_leaves_a_doubt():
    found = read("""
        from airflow.sdk import Variable
        with DAG("d") as dag:
            for name in Variable.get("names", deserialize_json=True):
                EmptyOperator(task_id=f"t_{name}")
    """)
    assert found.doubts


def test_work_at_the_top_level_is_noticed():
    file = read_dag_file("import time\nimport depot\ntime.sleep(3)\nROWS = depot.take('x')\n", {"depot": DEPOT})
    assert [(statement.lineno, seconds) for statement, _, seconds in file.top_level] == [(3, 3.0), (4, 0.0)]


def test_a_file_that_is_no_python_is_refused():
    with pytest.raises(UserInputError, match="no valid Python"):
        read_dag_file("with DAG(:\n", {})
