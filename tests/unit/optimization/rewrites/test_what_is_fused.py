"""Which tasks that follow each other may share a process."""

from __future__ import annotations

import pytest

from tests.unit.optimization.rewrites.test_rewrites import names, planned

BODY = """
    import time

    def tell(text):
        time.sleep(1)
        with open("/srv/{name}", "a") as lines:
            lines.write(text)

    with DAG("d") as dag:
        told = PythonOperator(task_id="told", python_callable=tell, op_args=["come"])
        fetched = PythonOperator(task_id="fetched", python_callable=depot.fetch, op_args=["a"])
        built = PythonOperator(task_id="built", python_callable=depot.build, op_args=["b", "in_a"])
        told >> fetched >> built
"""


@pytest.mark.parametrize(("name", "alone"), [("told.log", False), ("letters.txt", True)])
def test_a_retry_must_not_add_the_lines_of_another_task_to_a_file_again_but_to_a_log(name, alone):
    plan = planned(BODY.replace("{name}", name))
    assert "fuse-chain" in names(plan)
    assert ("told" in plan.final.dag.index) is alone
