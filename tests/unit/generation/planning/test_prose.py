"""Sentences that are no steps, and loops that a verb says."""

from __future__ import annotations

from typing import Any

import pytest

REST = "\n\nLoad s3://a/b.csv into the Postgres table x.b, then run `CALL x.sum()` in Postgres. Daily at 5 UTC."


def _classes(spec: Any) -> list[str]:
    return [task.operator.recipe or task.operator.path.rpartition(":")[2] for task in spec.tasks]


@pytest.mark.parametrize(
    "headline",
    [
        "Nightly compaction of the sales tables.",
        "Builds the sales report.",
        "Weekly model retraining\n=======================",
        "As an analyst I want fresh sales every morning, so that nobody waits.",
        '"""\nNightly backup.',
    ],
)
def test_a_headline_is_no_step(plan: Any, headline: str) -> None:
    answer = plan(headline + REST)
    assert "python_step" not in _classes(answer.spec)


def test_the_words_of_a_headline_are_listed_as_not_used(plan: Any) -> None:
    answer = plan("Nightly compaction of the sales tables." + REST)
    assert any("compaction" in span.of(answer.text) for span in answer.unused)


def test_a_request_at_the_same_place_is_one(plan: Any) -> None:
    assert "python_step" in _classes(plan("Compact the sales tables" + REST).spec)


@pytest.mark.parametrize(
    "words",
    [
        "It is not scheduled; trigger it from the UI.",
        "Wird nur von Hand gestartet.",
        "Started by hand, trigger it manually.",
    ],
)
def test_how_the_dag_is_started_is_no_step(plan: Any, words: str) -> None:
    spec = plan(f"{words} Run `CALL x.sum()` in Postgres.").spec
    assert len(spec.tasks) == 1
    assert spec.schedule.kind == "manual"


def test_a_step_that_is_said_again_is_none(plan: Any) -> None:
    spec = plan(
        "Daily at 5 UTC. Load s3://ads/clicks.json into Redshift table ads.clicks; load s3://ads/costs.json into Redshift table ads.costs; "
        "once the clicks are loaded and the costs are loaded, run `CALL ads.join_all()` in Redshift."
    ).spec
    assert "python_step" not in _classes(spec)
    assert len(spec.tasks) == 3


def test_the_only_step_always_stays(plan: Any) -> None:
    assert len(plan("Nightly backup.\n\nStarts at 2.").spec.tasks) == 1


def test_a_loop_that_a_verb_says_is_mapped(plan: Any) -> None:
    answer = plan(
        "Loops over the tables clicks, views and purchases and runs `OPTIMIZE` for each one on Databricks SQL. Daily at 1 UTC."
    )
    (task,) = answer.spec.tasks
    assert task.mapping is not None
    assert task.mapping.over.value == ["OPTIMIZE clicks", "OPTIMIZE views", "OPTIMIZE purchases"]
    assert not answer.clarifications
