"""The settings of alerts as they hold now: the file of the deployment and the rules that were made over REST."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.engine.monitoring.service import AlertSettings, read_alert_settings
from airflow_provider_wfintel.exceptions import AlertSettingsError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.store.repositories.alert_rules import StoredRule

__all__ = ["SettingsSource", "compose", "read_file"]

log = logging.getLogger(__name__)

_MOST_BYTES = 1_048_576


def read_file(path: Path | None) -> dict[str, Any]:
    """The data of a settings file, YAML or JSON; nothing without a file.

    Raises:
        AlertSettingsError: the file cannot be read or holds no mapping.
    """
    import yaml

    if path is None:
        return {}
    try:
        text = path.read_text(encoding="utf-8")
        data = yaml.safe_load(text) if len(text) <= _MOST_BYTES else None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise AlertSettingsError(
            f"the alert settings {str(path)!r} cannot be read: {reason}", hint="see [wfintel] alerts_file"
        ) from error
    except yaml.YAMLError as error:
        raise AlertSettingsError(
            f"the alert settings {str(path)!r} are neither YAML nor JSON: {' '.join(str(error).split())}",
            hint="mend the file; docs/how-to/alerts.md shows one",
        ) from error
    if data is None and not text.strip():
        return {}
    if not isinstance(data, dict):
        raise AlertSettingsError(
            f"the alert settings {str(path)!r} hold no mapping", hint="docs/how-to/alerts.md shows a file"
        )
    return data


def compose(file: Mapping[str, Any], rules: Sequence[StoredRule] = ()) -> AlertSettings:
    """Settings of a file and of stored rules. A stored rule changes the fields that it names of a rule with its id.

    Raises:
        AlertSettingsError: something cannot be followed, or a receiver cannot be served by its channel.
    """
    from airflow_provider_wfintel.host.channels import channel_of

    settings = read_alert_settings(_merged(file, rules))
    for receiver in settings.receivers:
        channel_of(receiver.channel).check(receiver)
    return settings


def _merged(file: Mapping[str, Any], rules: Sequence[StoredRule]) -> dict[str, Any]:
    own = dict(file)
    known = {item["id"]: dict(item) for item in own.get("rules", []) if isinstance(item, dict) and "id" in item}
    routes = []
    for stored in rules:
        name = str(stored.rule["id"])
        known[name] = {**known.get(name, {}), **stored.rule}
        if stored.receivers:
            routes.append({"name": f"rule-{name}", "match": {"rule": [name]}, "receivers": list(stored.receivers)})
    if rules:
        own["rules"] = list(known.values())
    if routes:
        own["routes"] = [*routes, *own.get("routes", [])]
    return own


class SettingsSource:
    """Reads the settings again whenever the file or the stored rules have changed.

    A stored rule that cannot be followed, as after its receiver was taken out of the file, is left out with a warning.
    A file that cannot be followed leaves the last good settings in force.

    Args:
        path: the file; None: none.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._mark: Any = None
        self._settings: AlertSettings | None = None
        self._said = ""

    def check(self) -> None:
        """See that the file can be followed.

        Raises:
            AlertSettingsError: it cannot; the message names what is wrong.
        """
        compose(read_file(self._path))

    def now(self, session: Session) -> AlertSettings:
        """The settings that hold now.

        Raises:
            AlertSettingsError: the file cannot be followed and there are no good settings from before.
            StoreError: the database cannot be reached.
        """
        from airflow_provider_wfintel.store.repositories.alert_rules import AlertRules

        rules = AlertRules(session).all()
        mark = (_stamp(self._path), tuple((item.rule["id"], item.updated_at) for item in rules))
        if self._settings is not None and mark == self._mark:
            return self._settings
        try:
            file = read_file(self._path)
            settings = compose(file)
        except AlertSettingsError as error:
            if self._settings is None:
                raise
            if error.message != self._said:
                log.error("the alert settings stay as they were: %s (%s)", error.message, error.hint)
            self._said = error.message
            return self._settings
        self._settings, self._mark, self._said = _with_rules(file, settings, rules), mark, ""
        return self._settings


def _with_rules(file: Mapping[str, Any], settings: AlertSettings, rules: Sequence[StoredRule]) -> AlertSettings:
    """All rules that can be followed together."""
    taken: list[StoredRule] = []
    for stored in rules:
        try:
            settings = compose(file, [*taken, stored])
        except AlertSettingsError as error:
            log.warning("the stored rule %r is left out: %s (%s)", stored.rule["id"], error.message, error.hint)
        else:
            taken.append(stored)
    return settings


def _stamp(path: Path | None) -> tuple[int, int] | None:
    if path is None:
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
