"""The collector's memory of what it wrote last: as long as rows are read again, and of one size."""

from __future__ import annotations

from dataclasses import replace

from airflow_provider_wfintel.app.collecting.seen import Seen
from airflow_provider_wfintel.engine.model import RunChange, TaskTry, TryChange, WorkflowRun


def changes(first: int, last: int, state: str = "success") -> list[TryChange]:
    return [
        TryChange(TaskTry(try_id=f"{number}", dag_id="a", run_id="r", task_id="t", state=state), "")
        for number in range(first, last)
    ]


def test_a_row_is_not_new_while_it_is_read_again() -> None:
    seen = Seen()
    seen.add(changes(0, 10))
    assert seen.new(changes(0, 12)) == changes(10, 12)


def test_a_row_is_new_again_when_it_has_changed_and_when_it_has_changed_back() -> None:
    seen = Seen()
    seen.add(changes(0, 1, "running"))
    assert seen.new(changes(0, 1)) == changes(0, 1)
    seen.add(changes(0, 1))
    assert seen.new(changes(0, 1)) == []
    assert seen.new(changes(0, 1, "running")) == changes(0, 1, "running")


def test_runs_of_dags_with_equal_run_ids_are_told_apart() -> None:
    first = RunChange(WorkflowRun("a", "scheduled", state="success"), row=1)
    seen = Seen()
    seen.add([first])
    assert seen.new([first]) == []
    other = replace(first, run=replace(first.run, dag_id="b"))
    assert seen.new([other]) == [other]


def test_six_minutes_of_three_hundred_tries_a_second_are_remembered_nearly_all() -> None:
    seen = Seen()
    seen.add(changes(0, 120_000))
    assert len(seen.new(changes(0, 120_000))) < 1200


def test_what_was_written_longest_ago_makes_room() -> None:
    seen = Seen(most=1024)
    seen.add(changes(0, 10_000))
    assert len(seen.new(changes(9_500, 10_000))) < 25
    assert len(seen.new(changes(0, 5_000))) == 5_000


def test_its_memory_is_the_same_from_the_first_row_on() -> None:
    seen, empty = Seen(), Seen().bytes_held
    seen.add(changes(0, 1000))
    assert seen.bytes_held == empty == 16 * seen.most == 4 * 1024 * 1024
