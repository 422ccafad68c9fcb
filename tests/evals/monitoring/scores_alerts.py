"""What alerting does with real tables of Airflow and ours: `python tests/evals/monitoring/scores_alerts.py`.

A small Airflow (`tests/integration/monitoring/world.py`) runs on a SQLite file; the collector reads it, the machine
tells a channel that counts. Figures:

- storm: messages of one root failure with 200 tasks and 3 retries, as a chain (all others could not run) and as 200
  tasks that fail on their own; once while it goes on, once when it is over.
- killed: processes that are killed before any SQL statement, by chance; another goes on. Messages that arrive twice,
  and failures or ends that are never told.
- killed while sending: the same, killed after the other side has taken a message, which then comes again under its key.
- never twice: both once more with a receiver that has `in_doubt: drop`.
- channel down: messages missing or doubled after a channel was down for ten minutes.
"""

from __future__ import annotations

import argparse
import atexit
import importlib.util
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

_HOME = Path(tempfile.mkdtemp(prefix="wfintel-scores-"))
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
if __name__ == "__main__":
    os.environ.update(
        {"AIRFLOW_HOME": str(_HOME), "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{_HOME / 'airflow.db'}"}
    )

from sqlalchemy import Engine, create_engine, event  # noqa: E402
from sqlalchemy.orm import Session  # noqa: E402

from airflow_provider_wfintel.app.alerting.settings import SettingsSource  # noqa: E402
from airflow_provider_wfintel.app.alerts import Alerting  # noqa: E402
from airflow_provider_wfintel.app.collect import Collector  # noqa: E402
from airflow_provider_wfintel.engine.monitoring.service import Message, Receiver  # noqa: E402
from tests.evals.scoring import ROOT, Score, measured  # noqa: E402


def _world() -> ModuleType:
    """By its file: a distribution that is installed beside may have a package `tests.integration` of its own."""
    path = Path(__file__).resolve().parents[2] / "integration" / "monitoring" / "world.py"
    spec = importlib.util.spec_from_file_location("wfintel_world", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"no world at {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


WORLD: Any = _world() if __name__ == "__main__" else None

SETTINGS = "receivers: [{name: team, channel: log}]\nroutes: [{name: default, receivers: [team], group_wait: 30}]\n"
NEVER_TWICE = SETTINGS.replace("channel: log", "channel: log, in_doubt: drop")
TASKS, RETRIES = 200, 3


class Killed(BaseException):
    """The process is gone."""


class _Patch:
    @staticmethod
    def setattr(target: Any, name: str, value: Any) -> None:
        setattr(target, name, value)


class House:
    """A world, a channel that counts, and a process that is replaced when it is killed."""

    def __init__(self, engine: Engine, seed: int, settings: str = SETTINGS) -> None:
        WORLD.empty_tables(engine)
        self.engine, self.world = engine, WORLD.World(engine, seed, _Patch)
        self.chance = random.Random(seed)  # noqa: S311
        self.settings = _HOME / "alerts.yaml"
        self.settings.write_text(settings)
        self.got: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        self.down, self.kill_sql, self.kill_sent, self.kills, self.busy = False, 0.0, 0.0, 0, False
        self.process = self.start()
        self.process.poll()

    def start(self) -> Collector:
        source = SettingsSource(self.settings)
        alerting = Alerting(lambda: Session(self.engine), source, clock=self.world.clock, send=self.take)
        return Collector(lambda: Session(self.engine), clock=self.world.clock, alerting=alerting)

    def take(self, message: Message, receiver: Receiver) -> None:
        if self.down:
            raise ConnectionError("connection refused")
        self.kinds[message.kind] += message.key not in self.got
        self.got[message.key] += 1
        if self.chance.random() < self.kill_sent:
            raise Killed

    def statement(self) -> None:
        if self.busy and self.chance.random() < self.kill_sql:
            raise Killed

    def pass_time(self, seconds: float, every: float = 15) -> None:
        until = self.world.now + timedelta(seconds=seconds)
        while self.world.now < until:
            self.world.tick(every)
            self.busy = True
            try:
                self.process.poll()
            except Killed:
                self.kills += 1
                self.process = self.start()
                self.world.tick(91)  # until the lease of the one that was killed has run out
            finally:
                self.busy = False

    def calm(self) -> None:
        """Nobody is killed any more and everything comes to its end."""
        self.kill_sql = self.kill_sent = 0.0
        self.down = False
        self.pass_time(1200, every=60)

    @property
    def repeated(self) -> int:
        return sum(count - 1 for count in self.got.values())


def storm(house: House, *, chain: bool) -> dict[str, Any]:
    """One root failure with so many tasks and retries, told while it goes on and when it is over."""
    world = house.world
    run = world.new_run(tasks=TASKS)
    items = world.present()
    keys = []
    for item in items[:1] if chain else items:
        key = item.id
        for number in range(RETRIES + 1):
            world.begin_try(key)
            key = world.next_try(key, "up_for_retry") if number < RETRIES else key
        world.set(key, state="failed")
        keys.append(key)
        if len(keys) % 50 == 1:
            house.pass_time(0.1)
    for item in items[1:] if chain else ():
        world.set(item.id, state="upstream_failed")
        keys.append(item.id)
    world.set_run("orders", run, state="failed")
    began = time.perf_counter()
    house.pass_time(600, every=30)
    seconds = time.perf_counter() - began
    told = dict(house.kinds)
    for key in keys:
        new = world.clear(key)
        world.begin_try(new)
        world.set(new, state="success")
    world.set_run("orders", run, state="success")
    house.pass_time(300, every=30)
    return {
        "while_it_goes_on": told,
        "in_all": dict(house.kinds),
        "repeated": house.repeated,
        "seconds_per_turn": round(seconds / 20, 4),
    }


def troubles(house: House, rounds: int, *, patient: bool) -> int:
    """Runs whose only task fails for good and, later, is cleared and succeeds; returns how many.

    `patient`: a failure is mended only when it was told, or was not for 40 minutes. What is over before anybody could
    be told is not told by design, and would hide what is lost.
    """
    world = house.world
    for number in range(rounds):
        dag_id = f"dag_{number}"
        run = world.new_run(dag_id, tasks=1)
        (item,) = world.present(dag_id)
        world.begin_try(item.id)
        world.set(item.id, state="failed")
        world.set_run(dag_id, run, state="failed")
        _wait(house, "firing", number + 1, patient)
        key = world.clear(item.id)
        world.begin_try(key)
        world.set(key, state="success")
        world.set_run(dag_id, run, state="success")
        _wait(house, "resolved", number + 1, patient)
    return rounds


def _wait(house: House, kind: str, wanted: int, patient: bool) -> None:
    house.pass_time(house.chance.choice((60, 120)))
    until = house.world.now + timedelta(minutes=40)
    while patient and house.kinds[kind] < wanted and house.world.now < until:
        house.pass_time(30)


def repeatedly(
    engine: Engine,
    histories: int,
    arm: Callable[[House], None],
    *,
    rounds: int = 4,
    patient: bool = True,
    settings: str = SETTINGS,
) -> dict[str, Any]:
    """Many histories with troubles: how often processes were killed, what came twice, what is missing."""
    figures: Counter[str] = Counter()
    for seed in range(histories):
        house = House(engine, seed, settings)
        _CURRENT[:] = [house]
        arm(house)
        wanted = troubles(house, rounds, patient=patient)
        house.calm()
        figures["failures"] += wanted
        figures["kills"] += house.kills
        figures["repeated"] += house.repeated
        figures["lost"] += 2 * wanted - house.kinds["firing"] - house.kinds["resolved"]
    return dict(figures)


_CURRENT: list[House] = []


def scores() -> Iterator[Score]:
    """The figures that must not get worse, from a process of its own: it has a database and a home of Airflow."""
    answer = _HOME / "figures.json"
    command = [sys.executable, __file__, "--histories", "3", "--out", str(answer)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
    figures = json.loads(answer.read_text())
    for name in ("storm_chain", "storm_independent"):
        told_once = figures[name]["in_all"] == {"firing": 1, "resolved": 1} and not figures[name]["repeated"]
        yield measured(f"alerts, {name}: told once, and once that it is over", float(told_once), 1.0)
    for name in ("killed_never_twice", "killed_while_sending_never_twice"):
        once = 1.0 - figures[name]["repeated"] / (2 * figures[name]["failures"])
        yield measured(f"alerts, {name}: messages that came once", once, 1.0)
    for name in ("killed", "channel_down_ten_minutes"):
        found = figures[name]
        # Killed between a delivery and its note, a message comes again under its key.
        once = 1.0 - found["repeated"] / (2 * found["failures"])
        yield measured(f"alerts, {name}: messages that came once", once, 0.9 if name == "killed" else 1.0)
        yield measured(f"alerts, {name}: nothing lost", float(not found["lost"]), 1.0)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--histories", type=int, default=15)
    parser.add_argument("--out", default="", metavar="FILE.json", help="where to write the figures")
    args = parser.parse_args()
    engine = create_engine(f"sqlite:///{_HOME / 'scores.db'}")

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=OFF")

    @event.listens_for(engine, "before_cursor_execute")
    def _statement(*_: Any) -> None:
        if _CURRENT:
            _CURRENT[0].statement()

    WORLD.make_tables(engine)

    def sql(house: House) -> None:
        house.kill_sql = 0.01

    def sent(house: House) -> None:
        house.kill_sent = 0.3

    def down(house: House) -> None:
        house.down = True

    figures = {
        "storm_chain": storm(House(engine, 1), chain=True),
        "storm_independent": storm(House(engine, 2), chain=False),
        "killed": repeatedly(engine, args.histories, sql),
        "killed_while_sending": repeatedly(engine, args.histories, sent),
        "killed_never_twice": repeatedly(engine, args.histories, sql, settings=NEVER_TWICE),
        "killed_while_sending_never_twice": repeatedly(engine, args.histories, sent, settings=NEVER_TWICE),
        "channel_down_ten_minutes": repeatedly(engine, args.histories, down, rounds=2, patient=False),
    }
    text = json.dumps(figures, indent=2)
    if args.out:
        Path(args.out).write_text(text)
    print(text)


if __name__ == "__main__":
    main()
