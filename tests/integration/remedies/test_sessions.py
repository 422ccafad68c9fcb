"""Sessions on a real database, remedies on a pretend deployment: once per try, in the policy, verified, undoable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from airflow_provider_wfintel.app.troubleshooting.history import session_detail, success_rates
from airflow_provider_wfintel.app.troubleshooting.opening import open_session
from airflow_provider_wfintel.app.troubleshooting.resolving import resolve_session
from airflow_provider_wfintel.app.troubleshooting.verifying import close_session, undo_session, verify_session
from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import ClearTasks, TryState
from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Bounds, Target
from airflow_provider_wfintel.engine.troubleshooting.remedies.in_memory import InMemoryActions
from airflow_provider_wfintel.engine.troubleshooting.remedies.policy import Budget, Match, Policy, Rule, Terms
from airflow_provider_wfintel.engine.troubleshooting.remedies.registry import REMEDIES
from airflow_provider_wfintel.exceptions import RemoteError, UserInputError
from airflow_provider_wfintel.store.repositories.remedy_attempts import RemedyAttempts
from airflow_provider_wfintel.store.tables import Base

pytestmark = pytest.mark.integration

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=timezone.utc)
HOUR_AGO = (NOW - timedelta(hours=1)).isoformat()
TOO_MANY = "too many connections\nFATAL:  sorry, too many clients already"
DROPPED = "ConnectionResetError: [Errno 104] Connection reset by peer"
ALL = frozenset(item.name for item in REMEDIES)
ALLOW = Policy(Terms(mode="allow", allow=ALL, cool_down_seconds=0))
KEY = ("sales", "r1", "load", -1)


class PretendPlace:
    """A deployment of one failed task whose log and facts a test sets."""

    def __init__(self, text: str = DROPPED, **facts: Any) -> None:
        self.actions = InMemoryActions(tries={KEY: TryState("t1", "failed", 1)})
        self.text = text
        self.facts: dict[str, Any] = {"end_date": HOUR_AGO, **facts}

    def find(self, dag_id: str, run_id: str, task_id: str, map_index: int) -> tuple[Target, Mapping[str, Any]]:
        found = self.actions.tries.get((dag_id, run_id, task_id, map_index))
        if found is None:
            raise RemoteError("not found", status=404)
        return Target(found.try_id, dag_id, run_id, task_id, map_index, found.try_number), {"state": found.state}

    def log(self, target: Target) -> str:
        return self.text

    def situation(self, target: Target, found: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**self.facts, "state": found["state"]}


@pytest.fixture
def make_session(empty_database: str) -> Iterator[sessionmaker[Session]]:
    engine = create_engine(empty_database)
    Base.metadata.create_all(engine)
    yield sessionmaker(engine)
    engine.dispose()


@pytest.fixture
def session(make_session: sessionmaker[Session]) -> Iterator[Session]:
    with make_session() as session:
        yield session


def opened(session: Session, place: PretendPlace) -> str:
    return open_session(session, place, dag_id="sales", run_id="r1", task_id="load").session_id


def resolved(session: Session, place: PretendPlace, session_id: str, policy: Policy = ALLOW, **more: Any) -> Any:
    return resolve_session(session, place, session_id, policy=policy, **{"actor": "anna", "now": NOW, **more})


def clears(place: PretendPlace) -> int:
    return sum(isinstance(action, ClearTasks) for action in place.actions.done)


def test_from_the_failure_to_the_verified_end(session):
    place = PretendPlace()
    session_id = opened(session, place)
    answer = resolved(session, place, session_id)
    assert (answer.outcome, answer.remedy) == ("applied", "clear_with_backoff")
    assert answer.session.phase == "verification"
    assert verify_session(session, place, session_id, now=NOW).status == "in_progress", "the next try has not ended"
    place.actions.finish(*KEY[:3], "success")
    record = verify_session(session, place, session_id, now=NOW)
    assert (record.status, record.outcome, record.phase) == ("auto_resolved", "helped", "closed")
    (attempt,) = session_detail(session, session_id).attempts
    assert (attempt.status, attempt.actor, attempt.mode) == ("verified", "anna", "policy")
    assert "the policy allows it" in attempt.reason
    (rate,) = success_rates(session)
    assert (rate.label, rate.remedy, rate.rate) == ("connection_dropped", "clear_with_backoff", 1.0)


def test_a_try_has_one_session_and_its_secrets_are_not_kept(session):
    place = PretendPlace("password=hunter2-7fK\n" + DROPPED, note="token=abcDEF123456789secret", source="KEY = 'x'")
    session_id = opened(session, place)
    assert opened(session, place) == session_id
    record = session_detail(session, session_id).session
    assert "hunter2" not in repr(record)
    assert "abcDEF123456789secret" not in repr(record)
    assert "source" not in record.facts


def test_a_second_call_does_nothing(session):
    place = PretendPlace()
    session_id = opened(session, place)
    resolved(session, place, session_id)
    again = resolved(session, place, session_id)
    assert again.outcome == "applied"
    assert clears(place) == 1


def test_a_dry_run_says_it_and_leaves_no_trace(session):
    place = PretendPlace()
    session_id = opened(session, place)
    answer = resolved(session, place, session_id, dry_run=True)
    assert answer.outcome == "dry_run"
    assert "clear load" in answer.offers[0]["steps"][-1]
    assert place.actions.done == []
    assert session_detail(session, session_id).attempts == ()


def test_the_default_policy_suggests_and_waits_for_a_person(session):
    place = PretendPlace()
    session_id = opened(session, place)
    answer = resolved(session, place, session_id, Policy())
    assert (answer.outcome, answer.session.status) == ("suggested", "manual_intervention_required")
    assert place.actions.done == []
    by_hand = resolved(session, place, session_id, Policy(), remedy="clear_with_backoff")
    assert by_hand.outcome == "applied"
    place.actions.finish(*KEY[:3], "success")
    assert verify_session(session, place, session_id, now=NOW).status == "resolved"


def test_ask_asks(session):
    place = PretendPlace()
    answer = resolved(session, place, opened(session, place), Policy(Terms(mode="ask")))
    assert (answer.outcome, answer.session.status) == ("asked", "manual_intervention_required")


def test_what_no_machine_may_touch_is_escalated_with_everything(session):
    place = PretendPlace("psycopg2.errors.InsufficientPrivilege: permission denied for table orders")
    answer = resolved(session, place, opened(session, place))
    assert (answer.outcome, answer.session.status) == ("escalated", "escalated")
    assert "permission denied for table orders" in answer.proposals[-1][1]
    assert place.actions.done == []


def test_an_unknown_cause_is_escalated(session):
    place = PretendPlace("something odd")
    assert resolved(session, place, opened(session, place)).outcome == "escalated"


def test_a_pause_is_waited_for_and_then_it_acts_once(session):
    place = PretendPlace(end_date=NOW.isoformat())
    session_id = opened(session, place)
    answer = resolved(session, place, session_id)
    assert answer.outcome == "waiting"
    assert answer.due_at > NOW
    assert clears(place) == 0
    early = resolved(session, place, session_id, now=NOW + timedelta(seconds=1))
    assert (early.outcome, early.due_at) == ("waiting", answer.due_at), "waiting does not begin anew"
    late = resolved(session, place, session_id, now=answer.due_at)
    assert late.outcome == "applied"
    assert clears(place) == 1


def test_what_a_person_approved_and_has_to_wait_is_gone_on_with_by_a_machine(session):
    place = PretendPlace(end_date=NOW.isoformat())
    ask = Policy(Terms(mode="ask", cool_down_seconds=0))
    session_id = opened(session, place)
    assert resolved(session, place, session_id, ask).session.status == "manual_intervention_required"
    answer = resolved(session, place, session_id, ask, remedy="clear_with_backoff")
    assert (answer.outcome, answer.session.status) == ("waiting", "in_progress"), "the self-diagnosis looks again"
    late = resolved(session, place, session_id, ask, now=answer.due_at)
    assert late.outcome == "applied"
    assert clears(place) == 1


def test_an_upstream_task_whose_cause_does_not_pass_is_not_run_again(session):
    place = PretendPlace("KeyError: 'qty'")
    place.actions.tries[("sales", "r1", "extract", -1)] = TryState("u1", "failed", 1)
    open_session(session, place, dag_id="sales", run_id="r1", task_id="extract")
    behind = PretendPlace("", upstream={"extract": "failed"})
    behind.actions.tries[KEY] = TryState("t1", "upstream_failed", 0)
    answer = resolved(session, behind, opened(session, behind))
    assert answer.outcome == "escalated"
    assert "would fail again" in dict(answer.misfits)["rerun_upstream"]
    assert clears(behind) == 0


def test_a_source_is_waited_for_until_it_answers(session):
    place = PretendPlace(DROPPED, conn_id="warehouse")
    session_id = opened(session, place)
    answer = resolved(session, place, session_id)
    assert (answer.outcome, answer.remedy) == ("waiting", "wait_for_source")
    place.actions.answering.add("warehouse")
    assert resolved(session, place, session_id, now=NOW + timedelta(minutes=2)).outcome == "applied"


def test_a_source_that_does_not_come_back_is_given_up_and_a_person_gets_it(session):
    place = PretendPlace(DROPPED, conn_id="warehouse")
    policy = Policy(
        Terms(mode="allow", allow=frozenset({"wait_for_source"}), cool_down_seconds=0, bounds=Bounds(wait_seconds=600))
    )
    session_id = opened(session, place)
    resolved(session, place, session_id, policy)
    answer = resolved(session, place, session_id, policy, now=NOW + timedelta(minutes=11))
    assert answer.outcome == "suggested"
    assert session_detail(session, session_id).attempts[0].status == "failed"
    assert place.actions.done == []


def test_a_policy_that_was_switched_off_meanwhile_stops_what_waits(session):
    place = PretendPlace(end_date=NOW.isoformat())
    session_id = opened(session, place)
    due = resolved(session, place, session_id).due_at
    answer = resolved(session, place, session_id, Policy(Terms(mode="off")), now=due)
    assert answer.outcome == "escalated"
    assert place.actions.done == []


def test_a_task_that_somebody_ran_again_is_left_alone(session):
    place = PretendPlace()
    session_id = opened(session, place)
    place.actions.tries[KEY] = TryState("t2", "running", 2)
    answer = resolved(session, place, session_id)
    assert (answer.outcome, answer.session.status) == ("moved_on", "closed")
    assert place.actions.done == []


def test_a_remedy_that_airflow_refuses_is_followed_by_the_next(session):
    place = PretendPlace(TOO_MANY, pool="dwh", pool_total_slots=8)
    place.actions.pools["dwh"] = 8
    place.actions.refusing.add("set the pool dwh")
    session_id = opened(session, place)
    answer = resolved(session, place, session_id)
    statuses = {item.remedy: item.status for item in session_detail(session, session_id).attempts}
    assert statuses["resize_pool"] == "failed"
    assert answer.outcome == "applied"
    assert answer.remedy != "resize_pool"


def test_what_was_set_is_taken_back_if_the_rest_fails(session):
    place = PretendPlace(TOO_MANY, pool="dwh", pool_total_slots=8)
    place.actions.pools["dwh"] = 8
    place.actions.refusing.add("clear load")
    session_id = opened(session, place)
    answer = resolved(session, place, session_id)
    assert place.actions.pools == {"dwh": 8}
    assert answer.outcome == "escalated"


def test_undo_sets_back_what_a_remedy_set(session):
    place = PretendPlace(TOO_MANY, pool="dwh", pool_total_slots=8)
    place.actions.pools["dwh"] = 8
    session_id = opened(session, place)
    assert resolved(session, place, session_id, remedy="resize_pool").outcome == "applied"
    assert place.actions.pools == {"dwh": 4}
    record = undo_session(session, place, session_id, actor="bob", now=NOW)
    assert (place.actions.pools, record.outcome) == ({"dwh": 8}, "undone")
    assert session_detail(session, session_id).attempts[-1].result["undone_by"] == "bob"


def test_a_rerun_cannot_be_taken_back_and_says_so(session):
    place = PretendPlace()
    session_id = opened(session, place)
    resolved(session, place, session_id)
    with pytest.raises(UserInputError, match="nothing of this session"):
        undo_session(session, place, session_id, actor="bob")


def test_another_task_that_ran_and_must_not_run_twice_stops_the_clear(session):
    place = PretendPlace(dag_tags=[])
    place.actions.tries["sales", "r1", "charge", -1] = TryState("c1", "failed", 1)
    original = place.actions.preview
    place.actions.preview = lambda action: (*original(action), *original(replace(action, task_ids=("charge",))))
    policy = replace(ALLOW, rules=(Rule(Match(tasks=("charge",)), {"non_idempotent": True}),))
    answer = resolved(session, place, opened(session, place), policy)
    assert answer.outcome == "escalated"
    assert place.actions.done == []


def test_the_process_that_died_before_acting_is_seen_and_nothing_is_repeated(session):
    place = PretendPlace()
    session_id = opened(session, place)

    class Killed(BaseException):
        pass

    def die(action):
        raise Killed

    alive, place.actions.perform = place.actions.perform, die
    with pytest.raises(Killed):
        resolved(session, place, session_id)
    session.rollback()
    place.actions.perform = alive
    assert resolved(session, place, session_id, now=NOW + timedelta(minutes=1)).outcome == "waiting", "it may be alive"
    answer = resolved(session, place, session_id, now=NOW + timedelta(hours=1))
    assert answer.outcome == "escalated"
    assert session_detail(session, session_id).attempts[0].status == "interrupted"
    assert place.actions.done == []


def test_the_process_that_died_after_acting_is_seen_as_having_acted(session):
    place = PretendPlace()
    session_id = opened(session, place)

    class Killed(BaseException):
        pass

    alive = place.actions.perform

    def act_and_die(action):
        alive(action)
        raise Killed

    place.actions.perform = act_and_die
    with pytest.raises(Killed):
        resolved(session, place, session_id)
    session.rollback()
    place.actions.perform = alive
    answer = resolved(session, place, session_id, now=NOW + timedelta(hours=1))
    assert answer.outcome == "applied"
    assert clears(place) == 1


def test_two_at_once_act_once(session, make_session):
    place = PretendPlace()
    session_id = opened(session, place)
    with make_session() as other:
        original = RemedyAttempts.reserve

        def overtaken(self, record):
            RemedyAttempts.reserve = original
            assert resolved(other, place, session_id).outcome == "applied"
            return original(self, record)

        RemedyAttempts.reserve = overtaken
        try:
            answer = resolved(session, place, session_id)
        finally:
            RemedyAttempts.reserve = original
    assert answer.outcome == "waiting"
    assert clears(place) == 1


def test_the_budget_of_the_task_ends_the_reruns(session):
    policy = Policy(Terms(mode="allow", allow=ALL, cool_down_seconds=0, budget=Budget(per_task=2)))
    place = PretendPlace()
    outcomes = []
    for number in range(1, 4):
        place.actions.tries[KEY] = TryState(f"t{number}", "failed", number)
        outcomes.append(resolved(session, place, opened(session, place), policy).outcome)
    assert outcomes == ["applied", "applied", "escalated"]


def test_what_only_waited_in_vain_has_spent_nothing(session):
    place = PretendPlace(DROPPED, conn_id="warehouse")
    one = Budget(per_task=1)
    waits = Terms(mode="allow", allow=frozenset({"wait_for_source"}), cool_down_seconds=0, budget=one)
    waits = replace(waits, bounds=Bounds(wait_seconds=600))
    session_id = opened(session, place)
    assert resolved(session, place, session_id, Policy(waits)).outcome == "waiting"
    resolved(session, place, session_id, Policy(waits), now=NOW + timedelta(minutes=11))
    place.actions.tries[KEY] = TryState("t2", "failed", 2)
    clear = Policy(Terms(mode="allow", allow=frozenset({"clear_with_backoff"}), cool_down_seconds=0, budget=one))
    later = NOW + timedelta(minutes=12)
    assert resolved(session, place, opened(session, place), clear, now=later).outcome == "applied"


def test_of_several_that_wait_no_more_act_than_the_budget_allows(session):
    policy = Policy(Terms(mode="allow", allow=ALL, cool_down_seconds=0, budget=Budget(per_task=2)))
    place = PretendPlace(end_date=NOW.isoformat())
    waiting = []
    for number in range(1, 4):
        place.actions.tries[KEY] = TryState(f"t{number}", "failed", number)
        waiting.append((f"t{number}", number, opened(session, place)))
        assert resolved(session, place, waiting[-1][2], policy).outcome == "waiting"
    outcomes = []
    for name, number, session_id in waiting:
        place.actions.tries[KEY] = TryState(name, "failed", number)
        outcomes.append(resolved(session, place, session_id, policy, now=NOW + timedelta(hours=1)).outcome)
    assert outcomes == ["applied", "applied", "escalated"]


def test_a_second_failure_closes_the_session_and_counts_against_the_remedy(session):
    place = PretendPlace()
    session_id = opened(session, place)
    resolved(session, place, session_id)
    place.actions.finish(*KEY[:3], "failed")
    record = verify_session(session, place, session_id, now=NOW)
    assert (record.status, record.outcome) == ("closed", "failed_again")
    assert success_rates(session)[0].failed == 1


def test_a_person_has_the_last_word_and_what_waits_is_withdrawn(session):
    place = PretendPlace(end_date=NOW.isoformat())
    session_id = opened(session, place)
    due = resolved(session, place, session_id).due_at
    record = close_session(session, session_id, actor="bob", status="resolved", reason="mended the cable")
    assert (record.status, record.closed_by, record.reason) == ("resolved", "bob", "mended the cable")
    assert resolved(session, place, session_id, now=due).outcome == "ended"
    assert place.actions.done == []


def test_similar_cases_say_what_helped(session):
    place = PretendPlace()
    first = opened(session, place)
    resolved(session, place, first)
    place.actions.finish(*KEY[:3], "success")
    verify_session(session, place, first, now=NOW)
    place.actions.tries[KEY] = TryState("t9", "failed", 3)
    second = opened(session, place)
    (similar,) = session_detail(session, second).similar
    assert (similar.session_id, similar.remedy) == (first, "clear_with_backoff")
    assert session_detail(session, second, visible=["other"]).similar == ()


def test_a_remedy_that_does_not_fit_is_refused_with_the_reason(session):
    place = PretendPlace()
    session_id = opened(session, place)
    with pytest.raises(UserInputError, match="not for this cause"):
        resolved(session, place, session_id, remedy="create_pool")
    with pytest.raises(UserInputError, match="no session"):
        resolved(session, place, "nope")


def test_a_try_that_succeeded_has_no_session(session):
    place = PretendPlace()
    place.actions.finish(*KEY[:3], "success")
    with pytest.raises(UserInputError, match="success"):
        opened(session, place)
