"""Answers that are good for some minutes."""

from __future__ import annotations

import threading

import pytest

from airflow_provider_wfintel.app.recent import Recent


class Maker:
    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> str:
        self.made += 1
        return f"answer {self.made}"


def test_an_answer_is_made_once_until_it_is_too_old():
    now, make = [0.0], Maker()
    recent = Recent[str](seconds=600, clock=lambda: now[0])
    assert [recent.get("a", make), recent.get("a", make)] == ["answer 1", "answer 1"]
    now[0] = 599.0
    assert recent.get("a", make) == "answer 1"
    now[0] = 600.0
    assert recent.get("a", make) == "answer 2"


def test_another_question_has_another_answer_and_the_oldest_is_forgotten():
    make = Maker()
    recent = Recent[str](most=2)
    assert [recent.get(name, make) for name in ("a", "b", "a", "c", "a", "b")] == [
        "answer 1", "answer 2", "answer 1", "answer 3", "answer 1", "answer 4",
    ]  # fmt: skip


def test_a_fault_is_raised_and_not_kept():
    recent = Recent[str]()
    with pytest.raises(ZeroDivisionError):
        recent.get("a", lambda: str(1 // 0))
    assert recent.get("a", lambda: "fine") == "fine"


def test_who_asks_meanwhile_waits_for_the_answer_that_is_being_made():
    recent, began, go_on, made = Recent[str](), threading.Event(), threading.Event(), []

    def slow() -> str:
        made.append(1)
        began.set()
        assert go_on.wait(10)
        return "slow"

    answers: list[str] = []
    threads = [threading.Thread(target=lambda: answers.append(recent.get("a", slow))) for _ in range(5)]
    for thread in threads:
        thread.start()
    assert began.wait(10)
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert (answers, made) == (["slow"] * 5, [1])


def test_questions_without_an_answer_leave_nothing_behind():
    recent = Recent[str]()
    for number in range(100):
        with pytest.raises(ZeroDivisionError):
            recent.get(number, lambda: str(1 / 0))
    assert recent._making == {}
