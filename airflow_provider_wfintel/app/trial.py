"""Use case: run DAG files with stand-ins for all outside services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from airflow_provider_wfintel.engine.generation.checks import check_source
from airflow_provider_wfintel.engine.model import Trial, to_json
from airflow_provider_wfintel.exceptions import GeneratedCodeError, MissingProviderError

__all__ = ["trial_to_dict", "try_dags"]


def try_dags(sources: Mapping[str, str], *, seconds: float = 60.0) -> dict[str, Trial]:
    """Run every DAG with data and without, and tell what it would have called.

    Args:
        sources: the texts of DAG files, by name.
        seconds: wall time that one run may take.

    Raises:
        GeneratedCodeError: a file did not pass the static checks; nothing was run.
        MissingProviderError: Airflow or a provider that a file imports is not installed; nothing was run.
    """
    for name, source in sources.items():
        report = check_source(source)
        if report.issues:
            issue = report.issues[0]
            raise GeneratedCodeError(
                f"{name} did not pass its checks and is not run: line {issue.line}: {issue.message}", hint=issue.hint
            )
    from airflow_provider_wfintel.host.dag_run import missing_distributions, try_dag_files

    for name, source in sources.items():
        missing = missing_distributions(source)
        if missing:
            raise MissingProviderError(
                f"{name} imports from what is not installed: {', '.join(missing)}",
                hint=f"pip install {' '.join(missing)}",
            )
    return try_dag_files(sources, seconds=seconds)


def trial_to_dict(trial: Trial) -> dict[str, Any]:
    """The trial as JSON data, with what it comes to."""
    data: dict[str, Any] = to_json(trial)
    return {**data, "ok": trial.ok}
