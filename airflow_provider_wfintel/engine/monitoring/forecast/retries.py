"""Retries in the futures of a run: how likely a task is retried, and how much longer it then takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.engine.monitoring.forecast.memory import Memory

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["RetryLaw"]

PRIOR_RATE, PRIOR_TRIES = 0.006, 150.0
PRIOR_EXTRA = ((0.6, 60.0), (0.6, 300.0))
"""Share of the work that is done again, and seconds of waiting; 300 s is Airflow's default `retry_delay`."""


@dataclass(frozen=True, slots=True)
class RetryLaw:
    """Rate of retries per task, and what a retry costs in each scenario (scenarios x tasks)."""

    rate: float
    happens: NDArray[Any]
    share: NDArray[Any]
    wait: NDArray[Any]

    @classmethod
    def of(cls, memory: Memory, scenarios: int) -> RetryLaw:
        """The law of a DAG for so many scenarios (two per past run)."""
        import numpy as np

        rate = (memory.retried + PRIOR_RATE * PRIOR_TRIES) / (memory.tries + PRIOR_TRIES)
        shape = (scenarios, len(memory.shape.task_ids))
        # Seeded by the number of runs: the same history gives the same forecast.
        chance = np.random.default_rng(memory.total)
        happens = chance.random(shape) < rate
        pool = np.array([*memory.retries, *PRIOR_EXTRA])
        picked = pool[chance.integers(0, len(pool), shape)]
        return cls(rate, happens, picked[:, :, 0], picked[:, :, 1])

    def apply(
        self, duration: NDArray[Any], second: NDArray[Any], overdue: list[int]
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """Durations with retries, and by what factor each scenario's weight changes.

        A task that runs longer than most scenarios say may be in a retry. That is rare, so that hardly any scenario
        holds it: it is made to happen in the `second` half of the scenarios and their weight set right (importance
        sampling).
        """
        import numpy as np

        happens, odds = self.happens.copy(), np.ones(len(duration))
        for task in overdue:
            happens[:, task] = second
            odds = odds * np.where(second, self.rate, 1.0 - self.rate)
        return np.where(happens, duration * (1.0 + self.share) + self.wait, duration), odds
