"""The `[wfintel]` section of Airflow's configuration, read and checked in one place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from airflow_provider_wfintel.exceptions import UserInputError

__all__ = ["SECTION", "Settings", "read_settings"]

SECTION = "wfintel"
_MAX_REQUEST_BYTES = 1_048_576


@dataclass(frozen=True, slots=True)
class Settings:
    """The section's values.

    Attributes:
        dags_save_folder: where `GenerateDagOperator` puts files with a relative path; None: nowhere.
        services_folder: service records of this deployment, added to the catalogue; None: none.
        max_request_bytes: longest body of a REST request, in bytes.
    """

    dags_save_folder: Path | None = None
    services_folder: Path | None = None
    max_request_bytes: int = _MAX_REQUEST_BYTES


def read_settings() -> Settings:
    """Read the section. Defaults are those of the provider's metadata.

    Raises:
        UserInputError: a value is not of the kind that it must be.
    """
    from airflow.providers.common.compat.sdk import conf

    limit = conf.get(SECTION, "max_request_bytes", fallback=str(_MAX_REQUEST_BYTES))
    try:
        max_request_bytes = int(limit)
    except ValueError:
        max_request_bytes = 0
    if max_request_bytes <= 0:
        raise UserInputError(
            f"[{SECTION}] max_request_bytes is {limit!r}", hint="set it to a number of bytes above zero"
        )
    return Settings(
        dags_save_folder=_folder("dags_save_folder"),
        services_folder=_folder("services_folder"),
        max_request_bytes=max_request_bytes,
    )


def _folder(option: str) -> Path | None:
    from airflow.providers.common.compat.sdk import conf

    value = conf.get(SECTION, option, fallback="").strip()
    if not value:
        return None
    folder = Path(value).expanduser()
    if not folder.is_absolute():
        raise UserInputError(f"[{SECTION}] {option} is {value!r}", hint="give an absolute path")
    return folder
