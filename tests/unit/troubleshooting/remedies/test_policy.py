"""A policy: the default only suggests, nothing acts outside it, marks and budgets hold whatever anybody asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.catalog.failures import failure_classes
from airflow_provider_wfintel.engine.model import Diagnosis, Evidence
from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Bounds, Case, PastAttempt, Target
from airflow_provider_wfintel.engine.troubleshooting.remedies.choose import choose
from airflow_provider_wfintel.engine.troubleshooting.remedies.odds import Outcomes
from airflow_provider_wfintel.engine.troubleshooting.remedies.policy import (
    Budget,
    Match,
    Policy,
    QuietHours,
    Rule,
    Spent,
    Subject,
    Terms,
)
from airflow_provider_wfintel.engine.troubleshooting.remedies.policy_file import parse_policy, read_policy
from airflow_provider_wfintel.engine.troubleshooting.remedies.registry import REMEDIES, remedy_named
from airflow_provider_wfintel.engine.troubleshooting.remedies.worth import better_to_ask
from airflow_provider_wfintel.exceptions import RemedyPolicyError

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=timezone.utc)
NAMES = [item.name for item in REMEDIES]
CHANGING = {item.name for item in REMEDIES if item.changes != "nothing"}
ALL = frozenset(NAMES)


def case(label: str = "connection_dropped", confidence: float = 0.97, **facts: Any) -> Case:
    known = failure_classes()[label]
    transient = {"transient": True, "permanent": False}.get(known.transient)
    found = Diagnosis(
        label, confidence, transient=transient, action=known.action, remedies=known.remedies,
        fix_location=known.fix_location,
    )  # fmt: skip
    return Case(Target("t1", "sales", "r1", "load"), found, {"state": "failed", **facts}, NOW)


def answers(item: Case, policy: Policy, **more: Any) -> dict[str, str]:
    found = choose(item, policy, **more)
    return {choice.plan.remedy: choice.permission.answer for choice in found.acting}


def test_by_default_everything_is_suggested_and_nothing_acts():
    assert set(answers(case(), Policy()).values()) == {"suggest"}


def test_what_is_allowed_acts_and_all_else_is_suggested():
    policy = Policy(Terms(mode="allow", allow=frozenset({"clear_with_backoff"})))
    assert answers(case(), policy)["clear_with_backoff"] == "apply"
    assert answers(case("expired_token"), policy)["refresh_credentials"] == "suggest"


def test_a_person_is_asked_where_the_policy_says_so_and_where_the_diagnosis_is_not_sure():
    assert set(answers(case(), Policy(Terms(mode="ask"))).values()) == {"ask"}
    policy = Policy(Terms(mode="allow", allow=ALL))
    assert answers(case(confidence=0.6), policy)["clear_with_backoff"] == "ask"
    assert answers(case(confidence=0.8), policy)["clear_with_backoff"] == "apply", "one rerun does little harm"
    pool = {"pool": "dwh", "pool_total_slots": 8}
    assert answers(case("too_many_connections", 0.8, **pool), policy)["resize_pool"] == "ask"


def test_off_is_off_even_for_the_escalation_and_for_a_person():
    found = choose(case(), Policy(Terms(mode="off")), approved="clear_with_backoff")
    assert {item.permission.answer for item in (*found.acting, *found.proposals)} == {"refuse"}


def test_another_task_that_must_not_run_twice_is_not_run_again_on_the_way():
    policy = Policy(Terms(mode="allow", allow=ALL), (Rule(Match(tasks=("charge",)), {"non_idempotent": True}),))
    item = case("upstream_failed", state="upstream_failed", upstream={"charge": "failed"})
    assert answers(item, policy)["rerun_upstream"] == "refuse"


def test_the_dags_own_tag_is_a_mark():
    policy = Policy(Terms(mode="allow", allow=ALL))
    assert answers(case(dag_tags=["non-idempotent"]), policy)["clear_with_backoff"] == "refuse"


def test_cool_down_and_quiet_hours_put_off():
    policy = Policy(Terms(mode="allow", allow=ALL, cool_down_seconds=600))
    found = choose(case(), policy, spent=Spent(last_on_task=NOW - timedelta(seconds=60)))
    first = found.first("later")
    assert first is not None
    assert first.permission.at == NOW + timedelta(seconds=540)
    quiet = replace(policy.defaults, quiet_hours=(QuietHours(time(9), time(11), "UTC"),))
    first = choose(case(), Policy(quiet)).first("later")
    assert first is not None
    assert first.permission.at == datetime(2026, 3, 2, 11, 0, tzinfo=timezone.utc)


def test_the_question_to_a_person_names_what_no_machine_may_choose():
    found = choose(case(), Policy(Terms(mode="ask")))
    (question,) = [item.plan for item in found.proposals if item.plan.remedy == "ask_person"]
    assert set(question.actions[0].options) == {item.plan.remedy for item in found.acting}
    alone = choose(case(), Policy(Terms(mode="allow", allow=ALL, cool_down_seconds=0)))
    assert "ask_person" not in {item.plan.remedy for item in alone.proposals}


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        (datetime(2026, 3, 2, 21, 30, tzinfo=timezone.utc), True),  # 22:30 in Berlin, a Monday
        (datetime(2026, 3, 3, 4, 0, tzinfo=timezone.utc), True),  # 05:00 on Tuesday belongs to Monday's night
        (datetime(2026, 3, 3, 6, 0, tzinfo=timezone.utc), False),
        (datetime(2026, 3, 3, 22, 30, tzinfo=timezone.utc), False),  # a Tuesday night
    ],
)
def test_quiet_hours_over_midnight_belong_to_the_day_on_which_they_begin(moment, quiet):
    assert QuietHours(time(22), time(6), "Europe/Berlin", (0,)).hold(moment) is quiet


def test_a_remedy_is_tried_once_on_a_try():
    past = PastAttempt("clear_with_backoff", "sales", "load", "r1", NOW, "failed", "t1")
    found = choose(replace(case(), past=(past,)), Policy(Terms(mode="allow", allow=ALL)))
    assert "clear_with_backoff" not in {item.plan.remedy for item in found.acting}


def test_outcomes_of_this_deployment_change_the_order_but_not_what_is_allowed():
    policy = Policy(Terms(mode="allow", allow=frozenset({"clear_with_backoff", "wait_for_source"})))
    item = case("connection_timeout", conn_id="api")
    assert choose(item, policy).first("apply").plan.remedy == "wait_for_source"
    seen = {
        ("connection_timeout", "wait_for_source"): Outcomes(0, 8),
        ("connection_timeout", "clear_with_backoff"): Outcomes(8, 0),
    }
    assert choose(item, policy, outcomes=seen).first("apply").plan.remedy == "clear_with_backoff"
    only = Policy(Terms(mode="allow", allow=frozenset({"wait_for_source"})))
    assert choose(item, only, outcomes=seen).first("apply").plan.remedy == "wait_for_source"


def test_the_same_case_gives_the_same_choice():
    policy = Policy(Terms(mode="allow", allow=ALL))
    assert choose(case("lock_conflict"), policy) == choose(case("lock_conflict"), policy)


def test_there_is_an_escalation_for_every_class_and_for_none():
    for label in failure_classes():
        assert choose(case(label), Policy()).proposals[-1].plan.remedy == "escalate"
    unknown = replace(case(), diagnosis=Diagnosis("unknown", 0.0, action="escalate", remedies=("escalate",)))
    found = choose(unknown, Policy(Terms(mode="allow", allow=ALL)))
    assert found.acting == ()
    assert found.proposals[-1].plan.remedy == "escalate"


# -- properties: whatever the case, the policy and the history are -------------------------------------------------

some_facts = st.fixed_dictionaries(
    {"state": st.sampled_from(["failed", "upstream_failed", "up_for_retry", "running", "scheduled"])},
    optional={
        "pool": st.sampled_from(["etl", "default_pool"]),
        "pool_exists": st.booleans(),
        "pool_total_slots": st.integers(0, 100),
        "pool_slots": st.integers(1, 100),
        "execution_timeout": st.floats(1, 30_000),
        "sensor_timeout": st.floats(1, 30_000),
        "memory_mb": st.integers(100, 40_000),
        "is_mapped": st.booleans(),
        "max_active_tis_per_dagrun": st.integers(1, 50),
        "conn_id": st.just("warehouse"),
        "upstream": st.dictionaries(st.sampled_from(["a", "b"]), st.sampled_from(["failed", "success"])),
        "dag_tags": st.lists(st.sampled_from(["x", "non-idempotent"])),
        "consecutive_failures": st.integers(0, 20),
        "seconds_since_heartbeat": st.integers(0, 10_000),
        "dag_version": st.integers(1, 3),
        "latest_dag_version": st.integers(1, 3),
    },
)
some_sets = st.fixed_dictionaries(
    {},
    optional={
        "mode": st.sampled_from(["off", "suggest", "ask", "allow"]),
        "allow": st.frozensets(st.sampled_from(NAMES)),
        "ask": st.frozensets(st.sampled_from(NAMES)),
        "non_idempotent": st.booleans(),
        "min_confidence": st.floats(0.5, 1),
        "rerun_confidence": st.floats(0.5, 1),
    },
)
some_matches = st.builds(
    Match,
    dags=st.sampled_from([(), ("sales",), ("s*",), ("other",)]),
    tasks=st.sampled_from([(), ("load",), ("a",)]),
    tags=st.sampled_from([(), ("x",)]),
)
some_policies = st.builds(
    Policy,
    st.builds(
        Terms,
        mode=st.sampled_from(["off", "suggest", "ask", "allow"]),
        allow=st.frozensets(st.sampled_from(NAMES)),
        budget=st.builds(Budget, st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)),
    ),
    st.lists(st.builds(Rule, some_matches, some_sets), max_size=4).map(tuple),
)
some_spent = st.builds(Spent, st.integers(0, 4), st.integers(0, 4), st.integers(0, 4))
some_cases = st.builds(
    lambda label, confidence, facts: case(label, confidence, **facts),
    st.sampled_from(sorted(failure_classes())),
    st.floats(0, 1),
    some_facts,
)


@settings(max_examples=400, deadline=None)
@given(some_cases, some_policies, some_spent)
def test_no_remedy_ever_runs_that_the_policy_does_not_allow(item, policy, spent):
    from airflow_provider_wfintel.engine.troubleshooting.remedies.choose import subject_of

    terms = policy.terms(subject_of(item))
    for choice in choose(item, policy, spent=spent).acting:
        if choice.permission.answer == "apply":
            assert terms.mode == "allow"
            assert choice.plan.remedy in terms.allow
            assert choice.plan.remedy not in terms.ask
            remedy = remedy_named(choice.plan.remedy)
            lenient = remedy.changes in ("run", "task") or choice.plan.only_adds
            needed = terms.rerun_confidence if lenient else terms.min_confidence
            assert not remedy.serves or item.diagnosis.confidence >= needed


@settings(max_examples=400, deadline=None)
@given(some_cases, some_policies, some_spent, st.sampled_from(["", *NAMES]))
def test_a_task_that_must_not_run_twice_is_never_run_again_whoever_asks(item, policy, spent, approved):
    from airflow_provider_wfintel.engine.troubleshooting.remedies.choose import subject_of

    for choice in choose(item, policy, spent=spent, approved=approved).acting:
        if choice.permission.answer in ("apply", "ask", "later", "suggest"):
            assert not any(policy.terms(subject_of(item, task)).non_idempotent for task in choice.plan.reruns)


@settings(max_examples=400, deadline=None)
@given(some_cases, some_policies, some_spent, st.sampled_from(["", *NAMES]))
def test_the_budget_is_never_exceeded_whoever_asks(item, policy, spent, approved):
    from airflow_provider_wfintel.engine.troubleshooting.remedies.choose import subject_of

    budget = policy.terms(subject_of(item)).budget
    for choice in choose(item, policy, spent=spent, approved=approved).acting:
        if choice.permission.answer in ("apply", "ask"):
            assert spent.task < budget.per_task
            assert spent.dag < budget.per_dag
            assert spent.deployment < budget.per_deployment


@settings(max_examples=300, deadline=None)
@given(some_cases, some_policies)
def test_no_value_is_ever_set_beyond_its_bound(item, policy):
    bounds = Bounds()
    for choice in choose(item, policy).acting:
        for action in choice.plan.actions:
            if hasattr(action, "slots"):
                assert action.slots <= bounds.pool_slots
            if getattr(action, "field", "") in ("execution_timeout_seconds", "sensor_timeout_seconds"):
                assert action.value <= min(bounds.timeout_seconds, action.was * bounds.timeout_factor + 0.01)
            if getattr(action, "field", "") == "memory_mb":
                assert action.value <= min(bounds.memory_mb, action.was * bounds.memory_factor)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.builds(Rule, some_matches, some_sets), max_size=5).map(tuple))
def test_a_mark_is_never_taken_away_by_a_later_rule(rules):
    subject = Subject("sales", "load", frozenset({"x"}))
    marked = any(rule.match.fits(subject) and rule.sets.get("non_idempotent") for rule in rules)
    assert Policy(rules=rules).terms(subject).non_idempotent is marked


# -- the file ---------------------------------------------------------------------------------------------------

TEXT = """
version: 1
defaults:
  mode: suggest
  budget: {per_task: 2}
  quiet_hours: [{from: "22:00", to: "06:00", zone: Europe/Berlin, days: [mon, tue]}]
  bounds: {wait_seconds: 900}
rules:
  - match: {tags: [etl]}
    mode: allow
    allow: [clear_with_backoff, wait_for_source]
    cool_down_minutes: 15
    bounds:
      queues: {oom_killed: large}
      fallbacks: {warehouse: {host: replica.test, port: 5433}}
  - match: {dags: [billing_*], tasks: [charge]}
    non_idempotent: true
"""


def test_a_file_says_all_of_it():
    policy = parse_policy(TEXT)
    terms = policy.terms(Subject("billing_eu", "charge", frozenset({"etl"})))
    assert (terms.mode, terms.non_idempotent, terms.cool_down_seconds) == ("allow", True, 900)
    assert terms.allow == {"clear_with_backoff", "wait_for_source"}
    assert terms.budget == Budget(per_task=2)
    assert terms.quiet_hours == (QuietHours(time(22), time(6), "Europe/Berlin", (0, 1)),)
    assert terms.bounds.wait_seconds == 900
    assert terms.bounds.queues == {"oom_killed": "large"}
    assert policy.terms(Subject("other")).mode == "suggest"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version: 2", "version"),
        ("- a", "the top"),
        ("version: 1\ndefaults: {mode: always}", "defaults.mode"),
        ("version: 1\ndefaults: {non_idempotent: true}", "defaults"),
        ("version: 1\nrules: [{match: {}, mode: allow}]", "rules.0.match"),
        ("version: 1\ndefaults: {allow: [reboot]}", "reboot"),
        ("version: 1\ndefaults: {budget: {per_task: -1}}", "budget"),
        ("version: 1\ndefaults: {quiet_hours: [{from: '22:00', to: '06:00', zone: Mars/Base}]}", "Mars"),
        ("version: 1\ndefaults: {bounds: {queues: {bad_luck: large}}}", "bad_luck"),
        ("version: 1\ndefaults: {bounds: {fallbacks: {db: {password: x}}}}", "password"),
        ("a: [", "no YAML"),
        ("version: 1\ndefaults: !!python/object/apply:os.system [true]", "no YAML"),
    ],
)
def test_a_wrong_policy_is_refused_by_the_place_that_is_wrong(text, said):
    with pytest.raises(RemedyPolicyError, match=said):
        parse_policy(text)


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(RemedyPolicyError, match="cannot be read"):
        read_policy(tmp_path / "none.yaml")


def test_a_task_that_hit_its_time_limit_again_is_not_run_a_third_time():
    policy = Policy(Terms(mode="allow", allow=frozenset({"clear_with_backoff"})))
    first = case("execution_timeout", confidence=0.89)
    assert answers(first, policy)["clear_with_backoff"] == "apply"
    past = PastAttempt("clear_with_backoff", "sales", "load", "r1", NOW, "failed", "t0", reruns=True)
    again = replace(first, past=(past,))
    assert "clear_with_backoff" not in answers(again, policy)
    assert "clear_with_backoff" in answers(replace(case("connection_dropped"), past=(past,)), policy)


# To act, or to ask about something better


def test_what_is_as_likely_acts_before_what_must_ask():
    policy = Policy(Terms(mode="allow", allow=frozenset({"clear_with_backoff"}), ask=frozenset({"wait_for_source"})))
    found = choose(case("connection_refused", conn_id="db"), policy)
    assert {item.plan.remedy: item.permission.answer for item in found.acting}["wait_for_source"] == "ask"
    acting = found.to_act()
    assert acting is not None
    assert acting.plan.remedy == "clear_with_backoff"


def test_what_seldom_helped_here_does_not_act_before_what_nearly_always_did():
    policy = Policy(Terms(mode="allow", allow=frozenset({"clear_with_backoff"}), ask=frozenset({"wait_for_source"})))
    outcomes = {
        ("connection_refused", "clear_with_backoff"): Outcomes(helped=1, failed=9),
        ("connection_refused", "wait_for_source"): Outcomes(helped=12, failed=0),
    }
    found = choose(case("connection_refused", conn_id="db"), policy, outcomes=outcomes)
    assert found.to_act() is None
    acting = found.first("apply")
    assert acting is not None
    asking = found.to_ask_before(acting)
    assert asking is not None
    assert asking.plan.remedy == "wait_for_source"


def test_what_is_only_suggested_never_holds_back_what_may_act():
    policy = Policy(Terms(mode="allow", allow=frozenset({"clear_with_backoff"})))
    outcomes = {("connection_refused", "clear_with_backoff"): Outcomes(helped=0, failed=20)}
    found = choose(case("connection_refused", conn_id="db"), policy, outcomes=outcomes)
    assert found.to_act() is not None, "without an open question there is nobody to wait for"


@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from(["run", "task", "settings"]))
def test_asking_is_never_better_than_acting_with_what_is_as_likely(odds, other, changes):
    assert not better_to_ask(odds, changes, min(odds, other), changes)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.sampled_from(["run", "task", "settings"]))
def test_the_likelier_the_remedy_that_may_act_the_less_is_asked(low, high, asking, changes):
    low, high = sorted((low, high))
    if better_to_ask(high, changes, asking, "run"):
        assert better_to_ask(low, changes, asking, "run")


# What confidence is asked for, and what confidence there is


def test_a_declared_variable_that_is_missing_is_set_on_the_confidence_that_its_class_can_reach():
    bounds = Bounds(variables={"region": "eu"})
    policy = Policy(Terms(mode="allow", allow=frozenset({"create_variable"}), bounds=bounds))
    known = case("missing_variable", confidence=0.87)
    told = replace(known.diagnosis, evidence=(Evidence("log", "KeyError: 'Variable region does not exist'"),))
    assert answers(replace(known, diagnosis=told), policy)["create_variable"] == "apply"
    unsure = replace(known, diagnosis=replace(told, confidence=0.69))
    assert answers(unsure, policy)["create_variable"] == "ask"


def test_a_variable_of_the_environment_is_none_of_airflows():
    bounds = Bounds(variables={"FX_API_URL": "x"})
    policy = Policy(Terms(mode="allow", allow=frozenset({"create_variable"}), bounds=bounds))
    known = case("missing_variable", confidence=0.87)
    told = replace(known.diagnosis, evidence=(Evidence("log", "environment variable FX_API_URL must be set"),))
    assert "create_variable" not in answers(replace(known, diagnosis=told), policy)
