"""Each rule finds its trouble, says it with figures, and is silent where there is none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from airflow_provider_wfintel.engine.monitoring.service import (
    DagPicture,
    DeploymentPicture,
    TaskTotals,
    TimedRun,
    insight_kinds,
    insights_of_dag,
    insights_of_deployment,
)

DAY = 86_400.0


def totals(tries: int = 100, **more: float) -> TaskTotals:
    return TaskTotals(tries=tries, **more)  # type: ignore[arg-type]


def runs(before: float, after: float, *, count: int = 10) -> list[TimedRun]:
    return [TimedRun(day * DAY, (before if day < count else after) + day % 3) for day in range(2 * count)]


SLOWER = DagPicture("a", versions=[(7, 9.5 * DAY)], timed=runs(100, 200))
POOL = DagPicture("a", pools={"gpu": totals(wait_seconds=30_000, run_seconds=20_000)})
HIDDEN = DagPicture("a", runs=50, tasks={"load": totals(60, failed=10, retries=10)})
SENSOR = DagPicture(
    "a", tasks={"wait": totals(10, run_seconds=9000, slot_seconds=9000)}, sensors=frozenset({"wait", "gone"})
)
MOVER = DagPicture("a", week=(20_000.0, 2.0), week_before=(10_000.0, 1.0))
FOUND = {
    "slower_since_version": SLOWER,
    "waits_on_pool": POOL,
    "retries_hide_failures": HIDDEN,
    "idle_sensor": SENSOR,
    "cost_mover": MOVER,
}
CROWD = DeploymentPicture({f"d{number}": (6, 0) for number in range(8)}, dict.fromkeys(range(24), (100, 1000.0)))


@pytest.mark.parametrize("kind", FOUND)
def test_a_trouble_is_found_alone_and_with_figures(kind: str) -> None:
    (found,) = insights_of_dag(FOUND[kind])
    assert (found.kind, found.dag_id) == (kind, "a")
    assert found.value is not None
    assert found.evidence
    assert any(character.isdigit() for character in found.message)


@pytest.mark.parametrize(
    "dag",
    [
        pytest.param(replace(SLOWER, timed=runs(100, 110)), id="hardly slower"),
        pytest.param(replace(SLOWER, timed=runs(200, 100)), id="faster"),
        pytest.param(replace(SLOWER, timed=runs(100, 200, count=4), versions=[(7, 3.5 * DAY)]), id="too few runs"),
        pytest.param(replace(SLOWER, versions=[]), id="no new version"),
        pytest.param(replace(POOL, pools={"p": totals(wait_seconds=500, run_seconds=20)}), id="short waits"),
        pytest.param(replace(POOL, pools={"p": totals(wait_seconds=9000, run_seconds=90_000)}), id="long work"),
        pytest.param(replace(POOL, pools={"p": totals(9, wait_seconds=9000)}), id="few tries"),
        pytest.param(replace(HIDDEN, failed_runs=20), id="failures are not hidden"),
        pytest.param(replace(HIDDEN, tasks={"load": totals(1000, failed=10, retries=10)}), id="few failures"),
        pytest.param(replace(SENSOR, sensors=frozenset()), id="work, no sensor"),
        pytest.param(replace(SENSOR, tasks={"wait": totals(500, run_seconds=9000, slot_seconds=9000)}), id="quick"),
        pytest.param(replace(MOVER, week=(12_000.0, 0.0)), id="hardly dearer"),
        pytest.param(replace(MOVER, week=(200.0, 0.0), week_before=(100.0, 0.0)), id="cheap anyway"),
        pytest.param(replace(MOVER, week_before=(0.0, 0.0)), id="new"),
        pytest.param(DagPicture("a"), id="nothing known"),
    ],
)
def test_silent_where_there_is_none(dag: DagPicture) -> None:
    assert insights_of_dag(dag) == ()


def test_a_cheaper_week_is_told_as_good_news() -> None:
    (found,) = insights_of_dag(replace(MOVER, week=(4000.0, 0.0)))
    assert found.severity == "info"


def test_a_crowd_at_a_full_hour_is_found_where_it_waits() -> None:
    crowded = replace(CROWD, waits={**CROWD.waits, 6: (100, 9000.0)})
    (found,) = insights_of_deployment(crowded)
    assert found.kind == "full_hour_collisions"
    assert "8 DAGs are due at 06:00 UTC" in found.message
    assert insights_of_deployment(CROWD) == (), "nobody waits"
    few = replace(crowded, due_minutes={"a": (6, 0), "b": (6, 1)})
    assert insights_of_deployment(few) == (), "no crowd"


def test_every_rule_has_its_own_kind() -> None:
    assert len(set(insight_kinds())) == len(insight_kinds()) == 6
    assert set(FOUND) | {"full_hour_collisions"} == set(insight_kinds())
