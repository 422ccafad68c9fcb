"""Use case: all that a deployment can tell the generator: what it has, how its DAGs look, what its people corrected."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from airflow_provider_wfintel.app.memory import known_preferences
from airflow_provider_wfintel.engine.generation.service import learn_style
from airflow_provider_wfintel.engine.model import DeploymentContext, HouseStyle, Preference
from airflow_provider_wfintel.host.context import (
    Visible,
    dag_source_hashes,
    hidden_connections,
    read_context,
    read_dag_sources,
)

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
        style=_style(session, dag_source_hashes(session, visible)),
        preferences=_seen(session, known_preferences(session), visible),
    )


def _seen(session: Session, found: tuple[Preference, ...], visible: Visible | None) -> tuple[Preference, ...]:
    """What was learned, without the ids of connections that the caller may not see."""
    if not any(item.connection_id for item in found):
        return found
    hidden = hidden_connections(session, visible)
    return tuple(replace(item, connection_id="") if item.connection_id in hidden else item for item in found)


_STYLES = 8
_styles: dict[tuple[tuple[str, str], ...], HouseStyle] = {}


def _style(session: Session, hashes: tuple[tuple[str, str], ...]) -> HouseStyle:
    """The style of the sources with these hashes; between two requests they seldom change.

    Reading some hundred files from the database and parsing them takes seconds, while a person waits for a preview.
    """
    found = _styles.get(hashes)
    if found is None:
        found = learn_style(read_dag_sources(session, hashes))
        while len(_styles) >= _STYLES:
            _styles.pop(next(iter(_styles)), None)
        _styles[hashes] = found
    return found
