"""Dumps of whole databases: the client program writes them into a file of the worker."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.by_catalog import from_choice
from airflow_provider_wfintel.engine.generation.planning.choice import best_action
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft, literal
from airflow_provider_wfintel.engine.generation.planning.values import SlotValues
from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.model import LiteralValue

__all__ = ["dump_database", "dumped_into", "names_a_dump"]

_DUMPS = re.compile(
    r"(?:(?:then|and|first)\s+)?(?:create\s+an?\s+|make\s+an?\s+|take\s+an?\s+)?(?:pg_?dump\w*|mysqldump\w*|dump\w*|back\s?up|backs?\s+up|backup)\b",
    re.IGNORECASE,
)
_PROGRAMS = {
    "mysql": "mysqldump --single-transaction",
    "mariadb": "mysqldump --single-transaction",
    "postgres": "pg_dump",
}
_NAME = re.compile(r"[A-Za-z_][\w-]*")
_FILE = re.compile(r"(?:~|\.{1,2})?/(?:[\w.@+{} |-]+/)*[\w.@+{} |-]+\.\w{1,8}$")
_SETTINGS = {"mysql": "~/.my.cnf", "mariadb": "~/.my.cnf", "postgres": "~/.pgpass and the PG variables"}


def _service(step: Step) -> str:
    """The database that a step dumps, empty if it does something else."""
    program = re.match(r"\W*(?P<v>pg_dump|mysqldump)", step.words, re.IGNORECASE)
    if program is not None and not set(step.services) - {"filesystem"}:
        return "postgres" if program.group("v").lower() == "pg_dump" else "mysql"
    service = step.source or step.target
    named = {item for item in step.services if item != "filesystem"}
    dumps = named == {service} and service in _PROGRAMS and not step.values("command") and step.foreach is None
    return service if dumps and _DUMPS.match(step.words.strip() or step.lemma) else ""


def _files(step: Step) -> list[str]:
    return [
        value for name in ("path", "file_name", "sql_file") for value in step.values(name) if _FILE.fullmatch(value)
    ]


def _database(step: Step) -> str:
    names = [value for value in step.values("database") if _NAME.fullmatch(value)]
    return names[0] if len(names) == 1 else ""


def names_a_dump(step: Step) -> bool:
    """Whether a step dumps a database into a file that it names."""
    return bool(_service(step)) and len(_files(step)) == 1 and bool(_database(step))


def dumped_into(step: Step, stamp: str) -> str:
    """The file for a dump whose words name a database and no file; else empty."""
    elsewhere = [item for item in step.slots if item.slot.name not in ("database", "connection", "identifier")]
    if not _service(step) or not _database(step) or elsewhere:
        return ""
    folder = "/tmp"  # noqa: S108 - a name in the file of a DAG, said as an assumption
    return f"{folder}/{_database(step)}_{stamp}.sql"


def _environment(service: str, connection: str) -> dict[str, object]:
    """Where the client program finds host, user and password: the fields of an Airflow connection, rendered."""
    names = {"host": "PGHOST", "port or 5432": "PGPORT", "login": "PGUSER", "password": "PGPASSWORD"}
    if service != "postgres":
        names = {"host": "MYSQL_HOST", "port or 3306": "MYSQL_TCP_PORT", "login": "USER", "password": "MYSQL_PWD"}
    return {name: {"__template__": f"{{{{ conn.{connection}.{part} }}}}"} for part, name in names.items()}


def dump_database(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:  # noqa: ARG001 - every builder is asked the same way
    """A shell command that dumps a database, or one table of it, into the file that the words name."""
    service, files, database = _service(step), _files(step), _database(step)
    if not service or len(files) != 1 or not database:
        return None
    target = files[0] if "{{" in files[0] else shlex.quote(files[0])
    squeeze = " | gzip" if files[0].endswith(".gz") else ""
    # A pipe hides the failure of its first program unless the shell is told.
    before = "set -o pipefail; " if squeeze else ""
    command = f"{before}{_PROGRAMS[service]} {database}{squeeze} > {target}"
    values = SlotValues({"command": LiteralValue.of(command)}, {})
    choice = best_action(desk.catalog.actions("bash"), step, values, action="trigger")
    if choice is None:
        return None
    connection = next((name for name in step.values("connection") if _NAME.fullmatch(name)), "")
    if connection:
        draft = from_choice(desk, step, choice, values, task)
        known = (literal("env", _environment(service, connection)), literal("append_env", True, "implied"))
        return (replace(draft, task=replace(draft.task, arguments=(*draft.task.arguments, *known))),)
    program = _PROGRAMS[service].split()[0]
    text = f"{program} runs on the worker and finds host, user and password there ({_SETTINGS[service]}), not in an Airflow connection."
    desk.notes.assume("connection", text, desk.span(step))
    return (from_choice(desk, step, choice, values, task),)
