"""Use case: can this installation work?"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version as distribution_version
from pathlib import Path
from typing import TYPE_CHECKING

from airflow_provider_wfintel import __version__
from airflow_provider_wfintel.engine.catalog import load_catalog

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["Health", "check_health"]


@dataclass(frozen=True, slots=True)
class Health:
    """Versions, and how many tables and services there are."""

    version: str
    airflow_version: str
    tables: int
    services: int
    catalog_version: str


def check_health(session: Session, *, extra_folder: Path | None = None) -> Health:
    """Look at the tables and the catalogue.

    Args:
        session: a session on the metadata database.
        extra_folder: service records of the deployment.

    Raises:
        StoreError: a table is missing or the database cannot be reached.
        CatalogError: a record of the deployment's own services is wrong.
    """
    from airflow_provider_wfintel.store.health import require_tables
    from airflow_provider_wfintel.store.tables import Base

    require_tables(session)
    catalog = load_catalog(extra_folder)
    return Health(
        version=__version__,
        airflow_version=distribution_version("apache-airflow-core"),
        tables=len(Base.metadata.tables),
        services=len(catalog.services),
        catalog_version=catalog.version,
    )
