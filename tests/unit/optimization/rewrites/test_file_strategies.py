"""What each strategy makes of the same file, and that no strategy breaks what a person has stated."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.optimization.rewrites.pareto import PICKS, choose_balanced
from airflow_provider_wfintel.engine.optimization.rewrites.plan import choose
from airflow_provider_wfintel.engine.optimization.rewrites.registry import REWRITES
from airflow_provider_wfintel.engine.optimization.rewrites.stated import check_limits
from airflow_provider_wfintel.engine.optimization.strategies import Goal, Limits
from airflow_provider_wfintel.exceptions import UserInputError
from tests.unit.optimization.rewrites.cases import draft_of, surroundings

# A chain of tiny tasks beside one loop over partitions: fusing saves slots, splitting buys time with slots.
MIXED = """
    DAYS = ["mon", "tue", "wed", "thu", "fri", "sat"]

    with DAG("d") as dag:
        @task
        def rebuild():
            for day in DAYS:
                depot.build(f"day_{day}", f"raw_{day}", pause=12)

        rebuild()
        for name in ["a", "b", "c"]:
            fetch = PythonOperator(
                task_id=f"fetch_{name}", python_callable=depot.fetch, op_args=[name], op_kwargs={"pause": 0.5}
            )
            build = PythonOperator(
                task_id=f"build_{name}", python_callable=depot.build, op_args=[f"m_{name}", f"in_{name}"], op_kwargs={"pause": 0.5}
            )
            fetch >> build
"""
SHAKY = """
    from datetime import timedelta

    with DAG("d", default_args={"retries": 1, "retry_delay": timedelta(minutes=10)}) as dag:
        fetch = PythonOperator(task_id="fetch", python_callable=depot.fetch, op_args=["a"], op_kwargs={"pause": 20})
        build = PythonOperator(
            task_id="build", python_callable=depot.build, op_args=["b", "in_a"], op_kwargs={"pause": 20}
        )
        fetch >> build
"""


def planned(body: str, strategy: str, *, goal: Goal | None = None, limits: Limits | None = None, **around):
    draft = draft_of(body)
    known = surroundings(draft, strategy=strategy, **around)
    return choose(draft, replace(known, goal=goal or Goal(), limits=limits or Limits()), REWRITES)


def names(plan) -> set[str]:
    return {item.proposal.rewrite for item in plan.applied}


def test_performance_buys_time_with_slots_and_cost_does_not():
    assert "split-loop" in names(planned(MIXED, "performance"))
    cheap = planned(MIXED, "cost")
    assert "split-loop" not in names(cheap)
    assert cheap.after.slot_seconds < cheap.before.slot_seconds


def test_cost_without_a_deadline_makes_nothing_later_than_it_is_today():
    plan = planned(MIXED, "cost")
    assert plan.after.p90 <= plan.before.p90 + max(0.2, 0.01 * plan.before.p90)


def test_cost_keeps_to_the_deadline_even_if_it_would_be_cheaper_to_be_late():
    plan = planned(MIXED, "cost", goal=Goal(deadline=120.0))
    assert plan.after.p90 <= 120.0
    assert plan.after.slot_seconds <= plan.before.slot_seconds


def test_reliability_takes_what_raises_the_odds_of_being_in_time():
    plan = planned(SHAKY, "reliability", goal=Goal(deadline=300.0), failing=("fetch", "build"))
    assert names(plan) == {"grow-retry-pauses"}
    assert plan.after.odds_by(300.0) > plan.before.odds_by(300.0) + 0.1


def test_reliability_changes_nothing_for_the_sake_of_speed_alone():
    assert planned(MIXED, "reliability").applied == ()


def test_hybrid_offers_layouts_that_none_beats_and_writes_the_one_that_is_picked():
    draft = draft_of(MIXED)
    around = surroundings(draft, strategy="hybrid")
    found = {pick: choose_balanced(draft, around, REWRITES, pick) for pick in PICKS}
    layouts = found["balanced"][1]
    figures = [(item.p90, item.slot_seconds, item.risk) for item in layouts]
    assert len(layouts) > 1
    for one in figures:
        assert not any(other != one and all(a <= b for a, b in zip(other, one, strict=True)) for other in figures)
    assert {pick for item in layouts for pick in item.picks} == set(PICKS)
    assert found["fastest"][0].after.p90 <= min(plan.after.p90 for plan, _ in found.values())
    assert found["cheapest"][0].after.slot_seconds <= min(plan.after.slot_seconds for plan, _ in found.values())


def test_the_weights_of_hybrid_decide_what_is_balanced():
    draft = draft_of(MIXED)
    around = surroundings(draft, strategy="hybrid")
    quick, _ = choose_balanced(draft, replace(around, goal=Goal(weights=(1.0, 0.0, 0.0))), REWRITES)
    cheap, _ = choose_balanced(draft, replace(around, goal=Goal(weights=(0.0, 1.0, 0.0))), REWRITES)
    assert quick.after.p90 < cheap.after.p90
    assert cheap.after.slot_seconds < quick.after.slot_seconds


@pytest.mark.parametrize("strategy", ["performance", "cost", "reliability", "hybrid"])
def test_a_task_that_must_not_be_repeated_is_neither_split_nor_merged_nor_retried_more(strategy):
    once = frozenset({"rebuild", "fetch_a", "build_b", "fetch"})
    for body, failing in ((MIXED, ()), (SHAKY, ("fetch", "build"))):
        draft = draft_of(body)
        limits = Limits(once=once & set(draft.dag.index))
        plan = planned(body, strategy, limits=limits, failing=failing, goal=Goal(deadline=300.0))
        for name in limits.once:
            after = plan.final.dag.task(name)
            assert len(plan.final.parts_of(name)) == 1
            assert after.instances == 1
            assert (after.argument("retries") or 0) <= (draft.dag.task(name).argument("retries") or 0)


def test_other_failing_tasks_still_get_growing_pauses_beside_one_that_must_not_be_repeated():
    plan = planned(
        SHAKY, "reliability", limits=Limits(once=frozenset({"fetch"})), failing=("fetch", "build"), goal=Goal(300.0)
    )
    assert plan.final.dag.task("build").argument("retry_exponential_backoff") is True
    assert plan.final.dag.task("fetch").argument("retry_exponential_backoff") is None


ORDERED = """
    with DAG("d") as dag:
        a = PythonOperator(task_id="a", python_callable=depot.fetch, op_args=["a"], op_kwargs={"pause": 20})
        b = PythonOperator(task_id="b", python_callable=depot.fetch, op_args=["b"], op_kwargs={"pause": 20})
        c = PythonOperator(task_id="c", python_callable=depot.fetch, op_args=["c"], op_kwargs={"pause": 20})
        a >> b >> c
"""


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sets(st.sampled_from([("a", "b"), ("b", "c"), ("a", "c")])))
def test_an_order_that_a_person_has_stated_stays_and_the_others_go(kept):
    draft = replace(draft_of(ORDERED), ordered=frozenset(kept))
    plan = choose(draft, replace(surroundings(draft), limits=Limits(order=frozenset(kept))), REWRITES)
    assert plan.final.dag.edges == kept or plan.final.dag.edges == kept - {("a", "c")}


def test_a_protected_pool_stays_as_it_is_also_if_a_comment_would_allow_more():
    body = """
    with DAG("d") as dag:
        # the pool erp: at most 4 sessions
        for name in "abcdefgh":
            PythonOperator(
                task_id=f"fetch_{name}", python_callable=depot.fetch, op_args=[name], op_kwargs={"pause": 20}, pool="erp"
            )
    """
    assert planned(body, "performance", pools={"erp": 1}).final.pools == {"erp": 4}
    kept = planned(body, "performance", pools={"erp": 1}, limits=Limits(pools=frozenset({"erp"})))
    assert kept.final.pools == {}
    assert any("protects" in why for _, why in kept.refused)


@pytest.mark.parametrize(
    ("limits", "word"),
    [
        (Limits(once=frozenset({"nobody"})), "no task 'nobody'"),
        (Limits(pools=frozenset({"nowhere"})), "uses the pool 'nowhere'"),
        (Limits(order=frozenset({("c", "a")})), "does not come before"),
    ],
)
def test_a_limit_that_names_nothing_is_refused(limits, word):
    with pytest.raises(UserInputError, match=word):
        check_limits(limits, draft_of(ORDERED).dag)


TWO_LOOPS = """
    DAYS = ["mon", "tue", "wed", "thu", "fri", "sat"]

    with DAG("d") as dag:
        @task
        def rebuild():
            for day in DAYS:
                depot.build(f"day_{day}", f"raw_{day}", pause=12)

        @task
        def recount():
            for day in DAYS:
                depot.build(f"count_{day}", f"day_{day}", pause=12)

        rebuild() >> recount()
"""


def test_one_rewrite_is_not_wanted_and_another_of_its_kind_is():
    titles = [item.proposal.title for item in planned(TWO_LOOPS, "performance").applied]
    assert len(titles) == 2
    for title in titles:
        plan = planned(TWO_LOOPS, "performance", limits=Limits(skip=frozenset({title})))
        assert [item.proposal.title for item in plan.applied] == [other for other in titles if other != title]
