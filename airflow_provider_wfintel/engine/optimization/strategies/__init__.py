"""Which changes to make: search over subsets of options by simulated gain, and priority weights by simulation."""

from __future__ import annotations

from airflow_provider_wfintel.engine.optimization.strategies.objectives import STRATEGIES, Goal, Strategy, StrategyName
from airflow_provider_wfintel.engine.optimization.strategies.options import Limits, Option
from airflow_provider_wfintel.engine.optimization.strategies.reorder import Reordering, reorder
from airflow_provider_wfintel.engine.optimization.strategies.search import Choice, ParetoPoint, Step, choose

__all__ = [
    "STRATEGIES",
    "Choice",
    "Goal",
    "Limits",
    "Option",
    "ParetoPoint",
    "Reordering",
    "Step",
    "Strategy",
    "StrategyName",
    "choose",
    "reorder",
]
