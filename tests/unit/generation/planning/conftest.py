"""What all tests of the planner share: generate a text and look at its tasks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from airflow_provider_wfintel.engine.generation.service import generate
from airflow_provider_wfintel.engine.model import DeploymentContext, Generation, LiteralValue, TaskSpec


def _values(task: TaskSpec) -> dict[str, Any]:
    """The constant arguments of a task."""
    return {item.name: item.value.value for item in task.arguments if isinstance(item.value, LiteralValue)}


@pytest.fixture(scope="session")
def plan() -> Callable[..., Generation]:
    """A function that generates a text, in a deployment if one is given."""

    def planned(text: str, context: DeploymentContext | None = None) -> Generation:
        return generate(text, context=context)

    return planned


@pytest.fixture(scope="session")
def values() -> Callable[[TaskSpec], dict[str, Any]]:
    """A function that gives the constant arguments of a task by name."""
    return _values
