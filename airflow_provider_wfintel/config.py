"""The `[wfintel]` section of Airflow's configuration, read and checked in one place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from airflow_provider_wfintel.exceptions import UserInputError

__all__ = ["COLLECTORS", "SECTION", "Settings", "read_settings"]

SECTION = "wfintel"
COLLECTORS = ("standalone", "api-server", "off")
_MAX_REQUEST_BYTES = 1_048_576


@dataclass(frozen=True, slots=True)
class Settings:
    """The section's values.

    Attributes:
        dags_save_folder: where `GenerateDagOperator` puts files with a relative path; None: nowhere.
        services_folder: service records of this deployment, added to the catalogue; None: none.
        plan_file: plan whose run-time values the cluster policy applies; None: the policy is off.
        max_request_bytes: longest body of a REST request, in bytes.
        llm_conn_id: connection of the language model that gives second opinions; empty: none.
        llm_timeout_seconds: after this time there is no second opinion.
        llm_total_tokens: most tokens for one second opinion.
        collector: where runs and tries are collected: `standalone` (`airflow wfintel monitor`, the default),
            `api-server` or `off`.
        collector_interval_seconds: time between two polls of Airflow's tables.
        retention_days: what ended longer ago is deleted from our tables; 0: nothing is.
        alerts_file: rules, receivers and routes of alerts, YAML or JSON; None: the built-in rules, told to the log.
        remedy_policy_file: which remedies may act where, YAML or JSON; None: everything is only suggested.
    """

    dags_save_folder: Path | None = None
    services_folder: Path | None = None
    plan_file: Path | None = None
    max_request_bytes: int = _MAX_REQUEST_BYTES
    llm_conn_id: str = ""
    llm_timeout_seconds: int = 30
    llm_total_tokens: int = 20_000
    collector: str = "standalone"
    collector_interval_seconds: int = 15
    retention_days: int = 400
    alerts_file: Path | None = None
    remedy_policy_file: Path | None = None


def read_settings() -> Settings:
    """Read the section. Defaults are those of the provider's metadata.

    Raises:
        UserInputError: a value is not of the kind that it must be.
    """
    from airflow.providers.common.compat.sdk import conf

    return Settings(
        dags_save_folder=_folder("dags_save_folder"),
        services_folder=_folder("services_folder"),
        plan_file=_folder("plan_file"),
        max_request_bytes=_positive("max_request_bytes", _MAX_REQUEST_BYTES, "bytes"),
        llm_conn_id=conf.get(SECTION, "llm_conn_id", fallback="").strip(),
        llm_timeout_seconds=_positive("llm_timeout_seconds", 30, "seconds"),
        llm_total_tokens=_positive("llm_total_tokens", 20_000, "tokens"),
        collector=_one_of("collector", COLLECTORS),
        collector_interval_seconds=_positive("collector_interval_seconds", 15, "seconds"),
        retention_days=_number("retention_days", 400, "days", least=0),
        alerts_file=_folder("alerts_file"),
        remedy_policy_file=_folder("remedy_policy_file"),
    )


def _one_of(option: str, values: tuple[str, ...]) -> str:
    """The value, or the first of `values` if there is none."""
    from airflow.providers.common.compat.sdk import conf

    value: str = conf.get(SECTION, option, fallback=values[0]).strip()
    if value not in values:
        raise UserInputError(f"[{SECTION}] {option} is {value!r}", hint=f"set it to one of: {', '.join(values)}")
    return value


def _positive(option: str, default: int, unit: str) -> int:
    return _number(option, default, unit, least=1)


def _number(option: str, default: int, unit: str, *, least: int) -> int:
    from airflow.providers.common.compat.sdk import conf

    value = conf.get(SECTION, option, fallback=str(default))
    try:
        number = int(value)
    except ValueError:
        number = least - 1
    if number < least:
        raise UserInputError(
            f"[{SECTION}] {option} is {value!r}", hint=f"set it to a number of {unit} that is at least {least}"
        )
    return number


def _folder(option: str) -> Path | None:
    from airflow.providers.common.compat.sdk import conf

    value = conf.get(SECTION, option, fallback="").strip()
    if not value:
        return None
    folder = Path(value).expanduser()
    if not folder.is_absolute():
        raise UserInputError(f"[{SECTION}] {option} is {value!r}", hint="give an absolute path")
    return folder
