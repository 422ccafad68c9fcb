"""The collector's memory of what it wrote last: as long as rows are read again, and no longer."""

from __future__ import annotations

from airflow_provider_wfintel.app.collecting.seen import Seen
from airflow_provider_wfintel.engine.model import TaskTry, TryChange


def changes(first: int, last: int) -> list[TryChange]:
    return [
        TryChange(TaskTry(try_id=f"{number}", dag_id="a", run_id="r", task_id="t", state="success"), "")
        for number in range(first, last)
    ]


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_row_is_not_new_while_it_is_read_again() -> None:
    clock = Clock()
    seen = Seen(seconds=400.0, clock=clock)
    clock.now = 399.0
    seen.add(changes(0, 5))
    clock.now = 700.0
    seen.add(changes(5, 10))
    assert seen.new(changes(0, 12)) == changes(10, 12)


def test_what_is_held_depends_on_the_rate_of_rows_and_not_on_the_time_that_has_passed() -> None:
    clock = Clock()
    seen, held = Seen(seconds=400.0, clock=clock), []
    for number in range(720):
        clock.now += 10.0
        seen.add(changes(100 * number, 100 * (number + 1)))
        held.append(len(seen))
    assert max(held) == max(held[:130]) <= 2 * 40 * 100
    assert seen.new(changes(71_900, 72_000)) == []


def test_many_rows_in_a_short_time_are_bounded_by_their_number() -> None:
    seen = Seen(most=100, clock=Clock())
    seen.add(changes(0, 1000))
    assert len(seen) <= 100
    assert seen.new(changes(950, 1000)) == []
