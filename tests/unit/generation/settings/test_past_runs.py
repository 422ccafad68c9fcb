"""What a text says about the run before."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.service import generate
from airflow_provider_wfintel.engine.generation.settings.past_runs import find_past_runs


@pytest.mark.parametrize(
    "text",
    [
        "Each run depends on the previous day's run.",
        "Load it, but only if yesterday's run succeeded.",
        "A run must not start until the previous run has finished successfully.",
        "Only run if the last run was green.",
        "Runs wait for the previous run.",
        "Nur wenn der Lauf vom Vortag erfolgreich war.",
    ],
)
def test_a_run_waits_for_the_one_before_and_all_of_it(text: str) -> None:
    past = find_past_runs(text)
    assert (past.depends, past.downstream, past.assumed) == (True, True, True)


@pytest.mark.parametrize(
    "text",
    [
        "Load the rows that changed since the last run.",
        "If the previous run failed, mail ops@acme.de.",
        "If the previous run succeeded, delete the old files.",
        "Wait for yesterday's file.",
        "depends_on_past=False",
    ],
)
def test_other_words_about_what_was_before_are_none(text: str) -> None:
    assert not find_past_runs(text).depends


def test_the_names_of_airflow_mean_just_what_they_say() -> None:
    assert not find_past_runs("depends_on_past=True").downstream
    assert find_past_runs("with wait_for_downstream").downstream


def test_the_file_has_it_for_all_tasks_and_says_how_it_was_read() -> None:
    done = generate(
        "Daily at 5 run sql/a.sql in Postgres, then run sql/b.sql in Postgres. Each run depends on the previous run, "
        "no two runs at once."
    )
    assert '"depends_on_past": True, "wait_for_downstream": True' in done.source
    assert "max_active_runs=1" in done.source
    assert len(done.spec.tasks) == 2
    assert any(item.about == "depends_on_past" for item in done.assumptions)


def test_one_step_alone_waits_for_itself() -> None:
    done = generate(
        "Daily at 5 run sql/a.sql in Postgres, then load s3://in/b.csv into the Redshift table b. "
        "The load step depends on its own previous run."
    )
    assert [task.depends_on_past for task in done.spec.tasks] == [False, True]
    assert not done.spec.depends_on_past
    assert done.source.count("depends_on_past=True") == 1
