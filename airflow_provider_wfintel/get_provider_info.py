"""What Airflow reads about this provider. A pure literal: it runs in nearly every Airflow process."""

from __future__ import annotations

from typing import Any


def get_provider_info() -> dict[str, Any]:
    """The provider's metadata in the form of Airflow's provider-info schema."""
    return {
        "package-name": "airflow-provider-wfintel",
        "name": "Workflow Intelligence",
        "description": "Generate, optimize, monitor and troubleshoot DAGs, offline and deterministic.",
    }
