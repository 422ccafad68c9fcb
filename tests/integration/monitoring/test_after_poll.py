"""What follows a poll: step after step, under the lease; one that fails holds up nobody."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event

import pytest
from sqlalchemy.orm import Session

from airflow_provider_wfintel.app.collect import Collector
from airflow_provider_wfintel.app.collecting.after_poll import AfterPoll, Step
from airflow_provider_wfintel.exceptions import UserInputError
from airflow_provider_wfintel.store.repositories.learned_states import LearnedStates
from tests.integration.monitoring.world import World

pytestmark = pytest.mark.integration

Make = Callable[..., World]


def collector_with(world: World, *steps: Step, holder: str = "a", stop: Event | None = None) -> Collector:
    return Collector(lambda: Session(world.engine), clock=world.clock, holder=holder, after=steps, stop=stop)


def note(work: AfterPoll, name: str) -> None:
    with work.sessions() as session:
        states = LearnedStates(session)
        states.keep(name, {"times": states.get(name).get("times", 0) + 1})
        work.keep(session)


def times(world: World, name: str) -> int:
    with Session(world.engine) as session:
        return int(LearnedStates(session).get(name).get("times", 0))


def test_every_poll_is_followed_by_all_steps_in_order(make_world: Make) -> None:
    world, order = make_world(), []
    world.new_run()
    steps = [Step(name, lambda _work, name=name: order.append(name)) for name in ("one", "two")]  # type: ignore[misc]
    collector = collector_with(world, *steps)
    collector.poll()
    collector.poll()
    assert order == ["one", "two", "one", "two"]


def test_a_step_sees_what_the_poll_did_and_keeps_its_own_state(make_world: Make) -> None:
    world, tries = make_world(), []
    world.new_run(tasks=3)
    collector = collector_with(
        world, Step("counts", lambda work: tries.append(work.report.tries)), Step("notes", lambda w: note(w, "notes"))
    )
    collector.poll()
    collector.poll()
    assert tries == [3, 0]
    assert times(world, "notes") == 2


@pytest.mark.parametrize("error", [ValueError("no"), UserInputError("no", hint="do")])
def test_a_step_that_fails_is_logged_and_the_next_runs(
    make_world: Make, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    world = make_world()

    def fail(_work: AfterPoll) -> None:
        raise error

    collector = collector_with(world, Step("the broken one", fail), Step("notes", lambda w: note(w, "notes")))
    with caplog.at_level(logging.WARNING):
        assert collector.poll().held
    assert times(world, "notes") == 1
    assert "the broken one failed" in caplog.text


def test_a_step_whose_lease_was_taken_over_writes_nothing(make_world: Make) -> None:
    world = make_world()

    def slow(work: AfterPoll) -> None:
        world.tick(1000)
        assert collector_with(world, holder="b").poll().held
        note(work, "slow")

    report = collector_with(world, Step("slow", slow), Step("notes", lambda w: note(w, "notes"))).poll()
    assert not report.held
    assert times(world, "slow") == 0
    assert times(world, "notes") == 0


def test_stopping_ends_the_steps_after_the_present_transaction(make_world: Make) -> None:
    world, stop = make_world(), Event()

    def asked(work: AfterPoll) -> None:
        stop.set()
        note(work, "asked")

    collector_with(world, Step("asked", asked), Step("notes", lambda w: note(w, "notes")), stop=stop).poll()
    assert times(world, "asked") == 1
    assert times(world, "notes") == 0
