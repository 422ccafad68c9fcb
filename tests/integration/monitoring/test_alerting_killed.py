"""A process that is killed with -9 while it tells: the next one goes on, and nothing is lost."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from airflow_provider_wfintel.app.alerting.settings import SettingsSource
from airflow_provider_wfintel.app.alerts import Alerting
from airflow_provider_wfintel.app.collect import Collector
from tests.integration.monitoring.world import World

pytestmark = pytest.mark.integration

CHILD = Path(__file__).with_name("telling_child.py")
SETTINGS = (
    "receivers: [{name: team, channel: log}]\nredeliver_after: 1\n"
    "routes: [{name: default, receivers: [team], group_wait: 0}]\n"
)
KILLS, DAGS = 2, 3


def fail(world: World, dag_id: str) -> None:
    world.now = max(world.now, datetime.now(timezone.utc))
    run = world.new_run(dag_id, tasks=1)
    (item,) = world.present(dag_id)
    world.begin_try(item.id)
    world.set(item.id, state="failed")
    world.set_run(dag_id, run, state="failed")


@pytest.mark.timeout(300)
def test_every_failure_is_told_whenever_it_is_killed(
    engine: Engine, make_world: Callable[..., World], tmp_path: Path
) -> None:
    world, chance = make_world(), random.Random(7)  # noqa: S311
    settings, told = tmp_path / "alerts.yaml", tmp_path / "told"
    settings.write_text(SETTINGS)
    alerting = Alerting(lambda: Session(engine), SettingsSource(settings))
    first = Collector(lambda: Session(engine), alerting=alerting)
    first.poll()
    first.give_back()
    command = [
        sys.executable, str(CHILD), engine.url.render_as_string(hide_password=False), str(settings), str(told),
    ]  # fmt: skip
    for number in range(KILLS + 1):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            try:
                assert child.stdout is not None
                assert child.stdout.readline() == "looked\n"
                for place in range(DAGS if number < KILLS else 0):
                    fail(world, f"dag_{number}_{place}")
                if number < KILLS:
                    time.sleep(chance.uniform(0.0, 0.6))
                else:
                    wait_for(told, KILLS * DAGS)
            finally:
                child.kill()
    lines = told.read_text().splitlines()
    keys = Counter(line.split()[1] for line in lines)
    assert {line.split()[0] for line in lines} == {"firing"}
    assert len(keys) == KILLS * DAGS
    # A delivery that was under way when the process was killed may come again, under its key.
    assert sum(keys.values()) - len(keys) <= KILLS


def wait_for(told: Path, wanted: int) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        if told.exists() and len({line.split()[1] for line in told.read_text().splitlines()}) >= wanted:
            return
        time.sleep(0.1)
