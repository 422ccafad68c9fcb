"""House style: what most DAG files of a deployment agree on."""

from __future__ import annotations

from airflow_provider_wfintel.engine.generation.service import learn_style
from airflow_provider_wfintel.engine.model import HouseStyle

CLASSIC = """
from datetime import timedelta
from airflow.sdk import DAG

ARGS = {{"owner": "finance", "retries": {retries}, "retry_delay": timedelta(minutes=5)}}

with DAG("fin_{name}", default_args=ARGS, tags=["ledger", "{name}"]):
    pass
"""
DECORATED = """
from airflow.sdk import dag

@dag(schedule=None, default_args={"owner": "web"})
def click_counts():
    pass

click_counts()
"""


def _classic(*names: str, retries: int = 3) -> list[str]:
    return [CLASSIC.format(name=name, retries=retries) for name in names]


def test_what_all_files_share_is_the_style() -> None:
    style = learn_style(_classic("invoices", "dunning", "payouts"))
    assert style == HouseStyle(
        dags=3, owner="finance", tags=("ledger",), retries=3, retry_delay_seconds=300.0, prefix="fin_"
    )


def test_two_files_are_too_few() -> None:
    assert learn_style(_classic("invoices", "dunning")) == HouseStyle(dags=2)


def test_what_files_do_not_agree_on_stays_open() -> None:
    sources = [*_classic("a", retries=1), *_classic("b", retries=2), *_classic("c", retries=4)]
    assert learn_style(sources).retries is None


def test_functions_with_the_dag_decorator_are_a_style_too() -> None:
    style = learn_style([DECORATED] * 3)
    assert (style.decorated, style.owner) == (True, "web")


def test_ids_with_hyphens() -> None:
    sources = [f"from airflow.sdk import DAG\nDAG('ml-{name}-daily')\n" for name in ("train", "score", "report")]
    style = learn_style(sources)
    assert (style.separator, style.prefix) == ("-", "ml-")


def test_what_is_no_python_or_no_dag_does_not_count() -> None:
    broken = ["def broken(:", "x = 1", "\0", "print('hi')"]
    assert learn_style([*broken, *_classic("a", "b", "c")]).dags == 3


def test_values_that_are_computed_are_not_guessed() -> None:
    source = "from airflow.sdk import DAG\nDAG(make_id(), default_args={'owner': who(), 'retries': int('3')})\n"
    assert learn_style([source] * 3) == HouseStyle(dags=3)
