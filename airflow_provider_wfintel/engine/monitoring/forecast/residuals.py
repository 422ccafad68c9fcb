"""How the tasks of a run move together, and what those that are over say about those that are not.

Residuals of past runs are winsorized at some robust spreads, their covariance is shrunk by the number of runs
(off-diagonal elements; Ledoit and Wolf 2004 give the reasons), and the residuals of open tasks are predicted from
those of finished ones as in a Gaussian. What is left over in each past run is then added to the prediction: every
past run becomes one scenario, so that heavy tails, two-humped distributions and dependence stay as they were. Since
the same runs made the covariance, their left-over is too small; it is divided by one minus the run's leverage, as in
leave-one-out residuals of a regression.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.engine.monitoring.forecast.memory import Memory

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["ResidualLaw"]

HALF_LIFE = 60.0
"""Runs after which a past run counts half."""
CLIP = 3.0
PRIOR_RUNS = 5.0
RIDGE = 0.05
SMALLEST_SPREAD = 0.03
MOST_LEVERAGE = 0.45
CARRY_OVER = 0.4
"""Weight of the run before as a predictor: a weak one, of which one number stands against one per task."""
FEW = 12
"""Up to this many runs, made-up runs stand in for those that are missing."""
NORMAL_GRID = (-1.64, -1.0, -0.61, -0.29, 0.0, 0.29, 0.61, 1.0, 1.64)
PRIOR_COMMON, PRIOR_OWN = 0.2, 0.15


@dataclass(frozen=True, slots=True)
class ResidualLaw:
    """Scenarios of residuals, their weights, and the joint law of the tasks.

    `values` and `scaled` are scenarios x tasks (in `scaled` the carry-over from the run before is the last column).
    """

    values: NDArray[Any]
    weight: NDArray[Any]
    spread: NDArray[Any]
    scaled: NDArray[Any]
    covariance: NDArray[Any]
    carried: float

    @classmethod
    def of(cls, memory: Memory) -> ResidualLaw:
        """The law of a DAG with at least one remembered run."""
        import numpy as np

        values = np.array([run.residual for run in memory.runs])
        before = np.array([run.usual_before for run in memory.runs])
        weight = 0.5 ** (np.arange(len(values))[::-1] / HALF_LIFE)
        if len(values) < FEW:
            made = _made_up(len(memory.shape.task_ids))
            values, before = np.concatenate([made, values]), np.concatenate([np.zeros(len(made)), before])
            share = (FEW - len(weight)) / len(made)
            weight = np.concatenate([np.full(len(made), share), weight])
        spread = np.maximum(1.4826 * np.median(np.abs(values), axis=0), SMALLEST_SPREAD)
        lag_spread = max(1.4826 * float(np.median(np.abs(before))), SMALLEST_SPREAD)
        now = float(np.clip(memory.runs[-1].common / lag_spread, -CLIP, CLIP)) * CARRY_OVER
        lag = np.clip(before / lag_spread, -CLIP, CLIP) * CARRY_OVER
        scaled = np.concatenate([np.clip(values / spread, -CLIP, CLIP), lag[:, None]], axis=1)
        share = weight / weight.sum()
        covariance = (scaled * share[:, None]).T @ scaled
        own = np.diag(covariance) + RIDGE
        effective = 1.0 / float(np.sum(share**2))
        covariance *= effective / (effective + PRIOR_RUNS)
        np.fill_diagonal(covariance, own)
        return cls(values, share, spread, scaled, covariance, now)

    def given(self, done: list[int], seen: NDArray[Any], still_open: list[int]) -> NDArray[Any]:
        """Residuals of the open tasks in every scenario, given those of the tasks that are over.

        Args:
            done: positions of the tasks that are over.
            seen: their residuals.
            still_open: positions of the tasks to predict.
        """
        import numpy as np

        given = [*done, self.covariance.shape[0] - 1]
        now = np.append(np.clip(seen / self.spread[done], -CLIP, CLIP), self.carried)
        past = self.scaled[:, given]
        solved = np.linalg.solve(
            self.covariance[np.ix_(given, given)],
            np.concatenate([self.covariance[np.ix_(given, still_open)], past.T], axis=1),
        )
        slope, hat = solved[:, : len(still_open)], solved[:, len(still_open) :]
        leverage = np.minimum(self.weight * np.sum(past * hat.T, axis=1), MOST_LEVERAGE)
        left_over = self.values[:, still_open] - past @ slope * self.spread[still_open]
        predicted: NDArray[Any] = now @ slope * self.spread[still_open] + left_over / (1.0 - leverage)[:, None]
        return predicted


def _made_up(tasks: int) -> NDArray[Any]:
    """Runs that could have been: a common factor on a grid of normal quantiles, and own factors in another order."""
    import numpy as np

    grid = np.array(NORMAL_GRID)
    turn = (np.arange(len(grid))[:, None] * 4 + np.arange(tasks)[None, :] * 2) % len(grid)
    made: NDArray[Any] = PRIOR_COMMON * grid[:, None] + PRIOR_OWN * grid[turn]
    return made
