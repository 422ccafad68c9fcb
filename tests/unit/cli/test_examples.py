"""The descriptions that README prints and the demo runs are read completely, by the reader that everybody uses."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.cli.demo.story import load_examples
from airflow_provider_wfintel.engine.generation import service

EXAMPLES = {item.id: item.text for item in load_examples()}


@pytest.fixture(scope="module")
def generations():
    return {name: service.generate(text) for name, text in EXAMPLES.items()}


def carried_out_by(generation) -> list[str]:
    spec = generation.spec
    operators = [spec.task(task_id).operator for task_id in spec.topological_order()]
    return [item.recipe or item.path.rpartition(":")[2] for item in operators]


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_is_left_open(generations, name):
    assert [item.text for item in generations[name].clarifications] == []
    assert generations[name].spec.params == ()


def test_the_order_report(generations):
    generation = generations["orders_report"]
    spec = generation.spec
    first, *rest = carried_out_by(generation)
    assert first in ("http_get_json", "http_call")
    assert rest == ["load_rows_create_table", "count_rows", "has_rows", "write_report"]
    assert (spec.schedule.crons, spec.schedule.timezone) == (("0 7 * * 1-5",), "Europe/Berlin")
    connections = {
        argument.value.value for task in spec.tasks for argument in task.arguments if "conn" in argument.name
    }
    assert connections == {"shop_api", "demo_sqlite"}


def test_the_sum_by_region(generations):
    generation = generations["sales_by_region"]
    spec = generation.spec
    assert carried_out_by(generation) == ["list_files", "load_csv_file", "SQLExecuteQueryOperator"]
    assert [task.mapping is not None for task in spec.tasks] == [False, True, False]
    connections = {
        argument.value.value for task in spec.tasks for argument in task.arguments if "conn" in argument.name
    }
    assert connections == {"demo_sqlite"}


def test_the_close_of_day(generations):
    generation = generations["close_of_day"]
    spec = generation.spec
    assert carried_out_by(generation) == ["FileSensor", "BashOperator"]
    retries = [spec.retry, *(task.retry for task in spec.tasks)]
    assert any(item is not None and (item.retries, item.delay_seconds) == (3, 10.0) for item in retries)
    assert [(alert.on, alert.service, alert.connection_id) for alert in spec.alerts] == [
        ("failure", "webhook", "demo_webhook")
    ]
