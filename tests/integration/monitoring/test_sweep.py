"""Rows that change after their end are looked for by reading whole tables: once, whatever has changed."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.host.airflow_tables import AirflowTables
from tests.integration.monitoring.test_collector import Make, assert_equal_to_truth, collector_of, wait_for_sweep

pytestmark = pytest.mark.integration


def test_whole_tables_are_read_once_for_it_however_much_has_changed(
    make_world: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world()
    collector = collector_of(world, batch=5)
    runs = [world.new_run(tasks=4) for _ in range(10)]
    collector.poll()
    for run in runs:
        for item in world.present(run_id=run):
            world.set(item.id, state="success")
        world.set_run("orders", run, state="success")
    collector.poll()
    for run in runs:
        for item in world.present(run_id=run):
            world.set(item.id, state="failed")
        world.set_run("orders", run, state="failed")
    asked: list[str] = []
    for name in ("changed_tries", "changed_runs"):
        really = getattr(AirflowTables, name)
        monkeypatch.setattr(
            AirflowTables, name, lambda *given, _f=really, _n=name, **more: asked.append(_n) or _f(*given, **more)
        )
    wait_for_sweep(world)
    collector.poll()
    assert asked == ["changed_tries", "changed_runs"]
    assert_equal_to_truth(world)
