"""Conditions as lists with arrows or colons, and results that are compared, become branches."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.reading.arrow_conditions import MARK, with_marked_conditions
from airflow_provider_wfintel.engine.generation.service import generate


def _edges(text: str) -> set[tuple[str, str]]:
    return {(edge.upstream, edge.downstream) for edge in generate(text).spec.dependencies}


@pytest.mark.parametrize(
    "text",
    [
        "Daily query Redshift `select count(*) from hits`: more than 2 million -> run the Glue job wide, otherwise run the Glue job slim.",
        "Daily query Redshift `select count(*) from hits`. Result:\n- above 2 million -> run the Glue job wide\n- otherwise -> run the Glue job slim",
        "Daily query Redshift `select count(*) from hits`.\n* > 2,000,000: run the Glue job wide\n* else: run the Glue job slim",
    ],
)
def test_an_arrow_behind_a_condition_is_a_branch(text: str) -> None:
    done = generate(text)
    (choice,) = [task for task in done.spec.tasks if task.action == "branch"]
    values = {item.name: getattr(item.value, "value", None) for item in choice.arguments}
    assert (values["operator"], values["threshold"]) == (">", 2_000_000)
    assert {(choice.task_id, "run_wide_glue"), (choice.task_id, "run_slim_glue")} <= _edges(text)
    assert not [item for item in done.warnings if item.about in ("not_done", "unread")]


def test_several_bounds_of_one_value_exclude_each_other() -> None:
    done = generate(
        "Nightly run the Postgres query `select auc from runs`. Result:\n- above 0.9 -> run `promote.sh`\n"
        "- below 0.5 -> mail ml@acme.de\n- otherwise -> run `retrain.sh`"
    )
    first, second = [task for task in done.spec.tasks if task.action == "branch"]
    ways = {(edge.upstream, edge.downstream) for edge in done.spec.dependencies}
    assert {
        (first.task_id, "run_promote_sh"),
        (first.task_id, second.task_id),
        (second.task_id, "mail_acme"),
        (second.task_id, "run_retrain_sh"),
    } <= ways


def test_two_counts_that_match_or_not() -> None:
    done = generate(
        "Every hour count the rows of the Postgres table carts and of the Snowflake table raw.carts. If the counts match, "
        "run the dbt Cloud job 7123, otherwise post to Slack #dq."
    )
    checks = {task.task_id for task in done.spec.tasks if task.operator.recipe == "compare_counts"}
    assert checks == {"counts_agree", "counts_differ"}
    assert {("counts_agree", "run_n7123_dbt"), ("counts_differ", "post_slack")} <= {
        (edge.upstream, edge.downstream) for edge in done.spec.dependencies
    }
    assert not [item for item in done.clarifications if item.about == "condition"]


@pytest.mark.parametrize(
    "text",
    [
        "Copy s3://a/ -> s3://b/ -> Redshift table c.",
        "Steps: extract orders -> load them -> report",
        "Load the table orders: more to come.",
    ],
)
def test_other_arrows_and_colons_stay(text: str) -> None:
    assert with_marked_conditions(text, ()) == text


def test_every_letter_keeps_its_place() -> None:
    text = "Count: empty -> mail a@b.de, otherwise -> run `x`"
    marked = with_marked_conditions(text, ())
    assert len(marked) == len(text)
    assert MARK in marked
    assert "->" not in marked
