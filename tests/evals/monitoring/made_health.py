"""Made run histories with failures by a stated law: for fitting the health score (some seeds) and scoring it (others).

Durations and deadlines are those of `made_dags`, deadlines times 1 to 1.4. Failures come in episodes: an onset per run
with a rate that is log-normal around 1 %; half of the episodes begin with a phase of 3 to 9 runs on average in which
runs take 5 to 50 % longer and three to eight times as many tasks are retried; then, for 2 to 6 runs on average, a run
fails with a probability of 0.3 to 0.8. Beside that, up to 2 % of the runs fail for no reason that shows before. A
failed run takes 0.1 to 1.3 times as long as it would have.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

from airflow_provider_wfintel.engine.monitoring.health.values import RunOutcome
from tests.evals.monitoring.made_dags import MadeDag, made_dags

__all__ = ["MadeHistory", "made_histories"]

LEFT_OUT = 10
"""The first runs only serve to find a deadline."""


@dataclass(frozen=True)
class MadeHistory:
    """A DAG's number of tasks and how its runs ended, oldest first."""

    id: str
    tasks: int
    runs: list[RunOutcome]


def made_histories(number: int, *, seed: int, runs: int = 130) -> Iterator[MadeHistory]:
    """So many histories; the same seed gives the same."""
    for dag in made_dags(number, seed=seed, runs=runs):
        chance = random.Random(f"health {dag.id}")  # noqa: S311 - a fixed seed, nothing secret
        yield MadeHistory(dag.id, len(dag.parents), list(_outcomes(dag, chance)))


def _outcomes(dag: MadeDag, chance: random.Random) -> Iterator[RunOutcome]:
    tasks = len(dag.parents)
    onset = 0.01 * math.exp(chance.gauss(0.0, 1.0))
    alone = chance.uniform(0.0, 0.02)
    generous = chance.uniform(1.0, 1.4)
    retry_rate = chance.uniform(0.005, 0.02)
    state, fails, longer, more = "fine", 0.0, 1.0, 1.0
    wearing, broken = chance.uniform(3, 9), chance.uniform(2, 6)
    for number, run in enumerate(dag.runs):
        if state == "fine" and chance.random() < onset:
            state = "wearing" if chance.random() < 0.5 else "broken"
            fails, longer, more = chance.uniform(0.3, 0.8), chance.uniform(1.05, 1.5), chance.uniform(3, 8)
        elif state == "wearing" and chance.random() < 1 / wearing:
            state = "broken"
        elif state == "broken" and chance.random() < 1 / broken:
            state = "fine"
        ok = chance.random() >= (alone if state != "broken" else fails)
        rate = retry_rate * (more if state == "wearing" else 2.0 if state == "broken" else 1.0)
        retries = sum(chance.random() < min(rate, 0.5) for _ in range(tasks)) + (0 if ok else chance.randint(0, 3))
        seconds = max(run.end) * (longer if state == "wearing" else 1.0) * (1.0 if ok else chance.uniform(0.1, 1.3))
        if number >= LEFT_OUT:
            yield RunOutcome(ok, round(seconds, 1), retries, round(generous * run.deadline, 1))
