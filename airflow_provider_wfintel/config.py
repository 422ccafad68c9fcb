"""The `[wfintel]` section of Airflow's configuration, read and checked in one place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from airflow_provider_wfintel.exceptions import UserInputError

__all__ = ["COLLECTORS", "SECTION", "Settings", "default_time_zone", "read_settings"]

SECTION = "wfintel"
COLLECTORS = ("standalone", "api-server", "off")
_MAX_REQUEST_BYTES = 1_048_576


@dataclass(frozen=True, slots=True)
class Settings:
    """The section's values.

    Attributes:
        dags_save_folder: where `GenerateDagOperator` puts files with a relative path; None: nowhere.
        save_over_rest: whether the api-server may write generated DAGs into `dags_save_folder`; off by default.
        trial_over_rest: whether the api-server runs generated DAGs with stand-ins in a child process; off by default.
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
        rollup_retention_days: figures by day that are older are deleted; 0: none are.
        price_per_slot_hour: money that one pool slot costs for an hour, in any currency.
        pool_prices: the same for pools that differ, as pairs of pool and price.
        holidays_country: whose public holidays are no ordinary days, ISO 3166; empty for none.
        rate_limit: how often one user may call the costly REST routes, as `30/minute; 300/hour`; empty: any time.
        rate_limit_storage: where that is counted: `memory://` is each api-server process for itself.
        retry_policy_dags: patterns of DAG ids whose tasks get `DiagnosisRetryPolicy`, with commas between; empty: none.
    """

    dags_save_folder: Path | None = None
    save_over_rest: bool = False
    trial_over_rest: bool = False
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
    rollup_retention_days: int = 800
    price_per_slot_hour: float = 0.0
    pool_prices: tuple[tuple[str, float], ...] = ()
    holidays_country: str = ""
    retry_policy_dags: str = ""
    rate_limit: str = "240/minute; 5000/hour"
    rate_limit_storage: str = "memory://"


def read_settings() -> Settings:
    """Read the section. Defaults are those of the provider's metadata.

    Raises:
        UserInputError: a value is not of the kind that it must be.
    """
    from airflow.providers.common.compat.sdk import conf

    return Settings(
        dags_save_folder=_folder("dags_save_folder"),
        save_over_rest=_truth("save_over_rest"),
        trial_over_rest=_truth("trial_over_rest"),
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
        rollup_retention_days=_number("rollup_retention_days", 800, "days", least=0),
        price_per_slot_hour=_price("price_per_slot_hour", conf.get(SECTION, "price_per_slot_hour", fallback="0")),
        pool_prices=_pool_prices(),
        holidays_country=conf.get(SECTION, "holidays_country", fallback="").strip(),
        retry_policy_dags=conf.get(SECTION, "retry_policy_dags", fallback="").strip(),
        rate_limit=conf.get(SECTION, "rate_limit", fallback="240/minute; 5000/hour").strip(),
        rate_limit_storage=conf.get(SECTION, "rate_limit_storage", fallback="").strip() or "memory://",
    )


def _price(option: str, text: str) -> float:
    try:
        price = float(text)
    except ValueError:
        price = -1.0
    if not 0.0 <= price < float("inf"):
        raise UserInputError(f"[{SECTION}] {option} has the price {text!r}", hint="set a number of at least 0")
    return price


def _pool_prices() -> tuple[tuple[str, float], ...]:
    """Pairs from `pool=price, pool=price`; a pool's name may hold `=`, a price cannot."""
    from airflow.providers.common.compat.sdk import conf

    found = []
    for part in conf.get(SECTION, "pool_prices", fallback="").split(","):
        if not part.strip():
            continue
        pool, _, price = part.rpartition("=")
        if not pool.strip():
            raise UserInputError(
                f"[{SECTION}] pool_prices holds {part.strip()!r}", hint="set it to `pool=price, other_pool=price`"
            )
        found.append((pool.strip(), _price("pool_prices", price.strip())))
    return tuple(found)


def default_time_zone() -> str:
    """Airflow's default time zone: where days begin."""
    from airflow.providers.common.compat.sdk import conf

    zone: str = conf.get("core", "default_timezone", fallback="utc").strip()
    return "UTC" if zone.lower() in ("utc", "system", "") else zone


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


def _truth(option: str) -> bool:
    from airflow.providers.common.compat.sdk import AirflowConfigException, conf

    try:
        return bool(conf.getboolean(SECTION, option, fallback=False))
    except (AirflowConfigException, ValueError) as error:
        raise UserInputError(f"[{SECTION}] {option} is no truth value", hint="set it to True or False") from error


def _folder(option: str) -> Path | None:
    from airflow.providers.common.compat.sdk import conf

    value = conf.get(SECTION, option, fallback="").strip()
    if not value:
        return None
    folder = Path(value).expanduser()
    if not folder.is_absolute():
        raise UserInputError(f"[{SECTION}] {option} is {value!r}", hint="give an absolute path")
    return folder
