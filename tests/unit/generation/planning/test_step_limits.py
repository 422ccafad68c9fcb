"""How long a single step may take: said of the step, it limits the step and never the run."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.service import generate


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("Daily at 4 run the Glue job tidy_a. Put a timeout of 40 minutes on it.", {"tidy_a": 2400.0}),
        (
            "Daily at 4 run the Glue job tidy_a, then the Glue job tidy_b with a timeout of 3 h.",
            {"tidy_b": 10800.0},
        ),
        ("Daily at 4 run the Glue job tidy_a. No more than 25 minutes for that step.", {"tidy_a": 1500.0}),
        ("Daily at 4 run the Glue job tidy_a. Give it a timeout of 2 hours.", {"tidy_a": 7200.0}),
    ],
)
def test_a_timeout_of_a_step_is_its_own(text: str, limits: dict[str, float]) -> None:
    answer = generate(text)
    named = {str(task.argument("job_name").value.value): task.timeout_seconds for task in answer.spec.tasks}  # type: ignore[union-attr]
    assert {name: seconds for name, seconds in named.items() if seconds is not None} == limits
    assert "dagrun_timeout" not in answer.source
    assert "execution_timeout=" in answer.source


def test_a_timeout_of_the_whole_run_ends_the_run() -> None:
    source = generate("Daily at 4 run the Glue job tidy_a. The whole DAG has a timeout of 3 hours.").source
    assert "dagrun_timeout=timedelta(hours=3)" in source
    assert "execution_timeout" not in source


@pytest.mark.parametrize(
    "waiting",
    [
        "wait for s3://drop/day.csv, no more than 5 hours, then",
        "wait for s3://drop/day.csv (max 5 hours), then",
        "wait up to 5 hours for s3://drop/day.csv and then",
        "wait for s3://drop/day.csv. No more than 5 hours. Then",
    ],
)
def test_how_long_a_file_is_waited_for(waiting: str) -> None:
    answer = generate(f"Daily at 4 {waiting} run the Glue job tidy_a.")
    first, second = answer.spec.tasks
    value = first.argument("timeout")
    assert first.action == "wait_for"
    assert value is not None
    assert getattr(value.value, "value", None) == 18000
    assert second.timeout_seconds is None
    assert not [item.text for item in answer.warnings if "hours" in item.text]


def test_how_long_it_may_take_is_no_step() -> None:
    spec = generate("Daily at 4 run the Glue job tidy_a; it may take at most 1 hour.").spec
    assert len(spec.tasks) == 1


@pytest.mark.parametrize(
    ("ending", "guarded"),
    [
        ("mail rep@example.org. Somebody has to approve it before it's sent.", "notify"),
        ("mail rep@example.org. Ask finance to sign off before mailing it.", "notify"),
        ("post the totals to #board on Slack. Get approval before posting.", "notify"),
        ("send the totals to rep@example.org; Kim must approve it before it goes out.", "notify"),
        ("delete s3://drop/old/. Require a sign-off before anything is removed.", "delete"),
    ],
)
def test_an_approval_stands_before_what_is_approved(ending: str, guarded: str) -> None:
    spec = generate(f"Daily at 4 run the Glue job tidy_a and {ending}").spec
    last = next(task for task in spec.tasks if task.action == guarded)
    assert [spec.task(name).action for name in spec.upstream_of(last.task_id)] == ["approve"]
    asked = next(task for task in spec.tasks if task.action == "approve")
    assert [spec.task(name).action for name in spec.upstream_of(asked.task_id)] == ["trigger"]
