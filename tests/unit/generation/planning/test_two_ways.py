"""Conditions: what they look at, and what is done otherwise."""

from __future__ import annotations

from typing import Any

import pytest

COUNT = "Query `SELECT COUNT(*) FROM visits` in Postgres."


def _task(answer: Any, task_id: str) -> Any:
    return answer.spec.task(task_id)


def _recipes(answer: Any) -> list[str]:
    return [task.operator.recipe for task in answer.spec.tasks]


@pytest.mark.parametrize(
    ("condition", "operator", "threshold"),
    [
        ("it is below 40", "<", 40),
        ("there are more than 1,000", ">", 1000),
        ("there are at least 7", ">=", 7),
        ("there are rows", ">", 0),
        ("there are no rows", "==", 0),
    ],
)
def test_two_ways_become_a_branch_with_both_of_them(
    plan: Any, values: Any, condition: str, operator: str, threshold: int
) -> None:
    answer = plan(f"{COUNT} If {condition}, run `a.sh`, otherwise run `b.sh`.")
    branch = next(task for task in answer.spec.tasks if task.operator.recipe == "branch_on_value")
    found = values(branch)
    assert (found["operator"], found["threshold"]) == (operator, threshold)
    assert (found["if_true"], found["if_false"]) == (["run_a_sh"], ["run_b_sh"])
    assert answer.spec.upstream_of("run_a_sh") == answer.spec.upstream_of("run_b_sh") == (branch.task_id,)


def test_what_follows_both_ways_runs_after_the_one_that_was_taken(plan: Any) -> None:
    answer = plan(f"{COUNT} If it is below 40, run `a.sh`, otherwise run `b.sh`. Then run `c.sh`.")
    assert set(answer.spec.upstream_of("run_c_sh")) == {"run_a_sh", "run_b_sh"}
    assert _task(answer, "run_c_sh").trigger_rule == "none_failed_min_one_success"


def test_the_rest_of_the_sentence_belongs_to_the_other_way(plan: Any) -> None:
    answer = plan(f"{COUNT} If it is below 40, run `a.sh`; otherwise run `b.sh` and run `c.sh`.")
    assert answer.spec.upstream_of("run_c_sh") == ("run_b_sh",)


def test_what_follows_a_stop_is_the_other_way(plan: Any, values: Any) -> None:
    answer = plan(f"{COUNT} If there are no rows, run `a.sh` and stop. Run `b.sh`.")
    branch = next(task for task in answer.spec.tasks if task.operator.recipe == "branch_on_value")
    assert values(branch)["if_false"] == ["run_b_sh"]


def test_skip_otherwise_is_what_a_check_does_anyway(plan: Any) -> None:
    answer = plan(f"{COUNT} If there are rows, run `a.sh`, skip otherwise.")
    assert _recipes(answer).count("has_rows") == 1
    assert "python_step" not in _recipes(answer)


def test_a_third_way_is_not_dropped_silently(plan: Any) -> None:
    answer = plan(f"{COUNT} If it is below 40, run `a.sh`, otherwise run `b.sh`, otherwise run `c.sh`.")
    assert any("third way" in item.text for item in answer.warnings)


def test_a_check_goes_on_below_a_number_if_the_words_say_below(plan: Any, values: Any) -> None:
    answer = plan(f"{COUNT} If it is below 40, run `a.sh`.")
    check = next(task for task in answer.spec.tasks if task.operator.recipe == "check_value")
    assert (values(check)["operator"], values(check)["threshold"]) == ("<", 40)


def test_a_condition_is_about_the_query_and_not_about_a_sensor(plan: Any) -> None:
    answer = plan(
        "Query `SELECT id FROM visits` in Postgres. Then wait for s3://drop/ready.flag. If there are rows, run `a.sh`."
    )
    check = next(task for task in answer.spec.tasks if task.operator.recipe == "has_rows")
    assert check.argument("value").value.task_id == "query_postgres"


def test_a_condition_after_nothing_that_can_be_looked_at_is_asked(plan: Any) -> None:
    answer = plan("Wait for s3://drop/visits.csv. If the file has rows, run `a.sh`.")
    assert "check_condition" in _recipes(answer)
    assert any(item.about == "condition" for item in answer.clarifications)


def test_a_check_that_decides_gives_a_count_and_does_not_fail_the_run(plan: Any) -> None:
    answer = plan(
        "Check whether the table visits in Postgres has rows. If there are no rows, run `a.sh`, else run `b.sh`."
    )
    assert "count_rows" in _recipes(answer)
    assert not any(task.operator.path.endswith("SQLCheckOperator") for task in answer.spec.tasks)
