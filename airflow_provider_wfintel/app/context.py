"""Use case: all that a deployment can tell the generator: what it has, how its DAGs look, what its people corrected."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from airflow_provider_wfintel.app.memory import known_preferences
from airflow_provider_wfintel.engine.generation.service import learn_style
from airflow_provider_wfintel.engine.model import DeploymentContext, HouseStyle, Preference
from airflow_provider_wfintel.host.context import Visible, hidden_connections, read_context, read_dag_sources

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["deployment_context"]


def deployment_context(session: Session, visible: Visible | None = None) -> DeploymentContext:
    """The context of this deployment, as far as the caller may see it.

    Args:
        session: a session on the metadata database.
        visible: what the caller may see; nothing else gets into the context.
    """
    return replace(
        read_context(session, visible),
        style=_style(read_dag_sources(session, visible)),
        preferences=_seen(known_preferences(session), hidden_connections(session, visible)),
    )


def _seen(preferences: tuple[Preference, ...], hidden: frozenset[str]) -> tuple[Preference, ...]:
    """What was learned, without the ids of connections that the caller may not see."""
    return tuple(replace(item, connection_id="") if item.connection_id in hidden else item for item in preferences)


@lru_cache(maxsize=8)
def _style(sources: tuple[str, ...]) -> HouseStyle:
    """Parsing some hundred files takes seconds; between two requests they seldom change."""
    return learn_style(sources)
