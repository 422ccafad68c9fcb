"""Dumps of whole databases: the client program writes them into a file of the worker."""

from __future__ import annotations

import re
import shlex

from airflow_provider_wfintel.engine.generation.planning.by_catalog import from_choice
from airflow_provider_wfintel.engine.generation.planning.choice import best_action
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft
from airflow_provider_wfintel.engine.generation.planning.values import SlotValues
from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.model import LiteralValue

__all__ = ["dump_database"]

_DUMPS = re.compile(r"\b(?:dump\w*|back\s?up|backs?\s+up|backup)\b", re.IGNORECASE)
_PROGRAMS = {
    "mysql": "mysqldump --single-transaction",
    "mariadb": "mysqldump --single-transaction",
    "postgres": "pg_dump",
}
_NAME = re.compile(r"[A-Za-z_][\w-]*")
_FILE = re.compile(r"(?:~|\.{1,2})?/(?:[\w.@+{} |-]+/)*[\w.@+{} |-]+\.\w{1,8}$")
_SETTINGS = {"mysql": "~/.my.cnf", "mariadb": "~/.my.cnf", "postgres": "~/.pgpass and the PG variables"}


def dump_database(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:  # noqa: ARG001 - every builder is asked the same way
    """A shell command that dumps a database, or one table of it, into the file that the words name."""
    service = step.source or step.target
    named = {item for item in step.services if item != "filesystem"}
    if named != {service} or service not in _PROGRAMS or not _DUMPS.match(step.words.strip() or step.lemma):
        return None
    files = [value for name in ("path", "file_name") for value in step.values(name) if _FILE.fullmatch(value)]
    databases = [value for value in step.values("database") if _NAME.fullmatch(value)]
    if len(files) != 1 or len(databases) != 1 or step.values("command"):
        return None
    target = files[0] if "{{" in files[0] else shlex.quote(files[0])
    squeeze = " | gzip" if files[0].endswith(".gz") else ""
    # A pipe hides the failure of its first program unless the shell is told.
    before = "set -o pipefail; " if squeeze else ""
    command = f"{before}{_PROGRAMS[service]} {databases[0]}{squeeze} > {target}"
    values = SlotValues({"command": LiteralValue.of(command)}, {})
    choice = best_action(desk.catalog.actions("bash"), step, values, action="trigger")
    if choice is None:
        return None
    program = _PROGRAMS[service].split()[0]
    text = f"{program} runs on the worker and finds host, user and password there ({_SETTINGS[service]}), not in an Airflow connection."
    desk.notes.assume("connection", text, desk.span(step))
    return (from_choice(desk, step, choice, values, task),)
