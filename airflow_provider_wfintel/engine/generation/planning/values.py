"""Slot values: what the words state, in the names and shapes that the catalogue's actions ask for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from airflow_provider_wfintel.engine.generation.planning.command_line import stated_arguments
from airflow_provider_wfintel.engine.generation.planning.key_columns import key_columns, key_match
from airflow_provider_wfintel.engine.generation.planning.resources import stated_resources
from airflow_provider_wfintel.engine.generation.planning.sql import is_identifier
from airflow_provider_wfintel.engine.generation.planning.stated_sql import (
    check_statement,
    demanded_result,
    rows_statement,
)
from airflow_provider_wfintel.engine.generation.reading.slots import Slot
from airflow_provider_wfintel.engine.generation.reading.steps import OwnedSlot, Step
from airflow_provider_wfintel.engine.model import ArgumentValue, LiteralValue, Span

__all__ = ["SlotValues", "connection_of", "slot_values"]

# A slot that is open may be filled from the next one in its row: the words say "dataset", the operator asks for "project".
_ALIASES: dict[str, tuple[str, ...]] = {
    "key": ("prefix", "file_name", "path"),
    "prefix": ("key", "folder", "path"),
    "path": ("file_name", "folder", "pattern"),
    "folder": ("path", "prefix"),
    "local_path": ("path", "file_name", "folder"),
    "remote_path": ("path", "file_name", "folder", "pattern"),
    "file_name": ("path", "pattern"),
    "pattern": ("key", "file_name", "path"),
    "table": ("name", "dataset", "view"),
    "collection": ("table", "name"),
    "index": ("name", "pattern", "table"),
    "topic": ("arn", "name", "stream", "resource"),
    "queue": ("url", "arn", "name"),
    "function": ("name", "arn", "identifier"),
    "job": ("job_name", "name", "job_id", "identifier", "arn"),
    "job_name": ("job", "name", "identifier"),
    "job_id": ("uuid", "job", "name"),
    "pipeline": ("name", "job", "identifier", "workflow"),
    "workflow": ("arn", "state_machine", "name", "repository", "identifier"),
    "connection": ("connection_uuid", "uuid", "connector"),
    "connector": ("name", "identifier", "connection_uuid", "uuid"),
    "sql": ("procedure", "sql_file"),
    "sql_file": ("path", "file_name"),
    "procedure": ("sql",),
    "url": ("endpoint", "host"),
    "endpoint": ("path", "url"),
    "message": ("body", "text"),
    "channel": ("name", "recipients"),
    "recipients": ("channel", "name"),
    "webhook": ("connection", "url"),
    "workbook": ("name", "dataset", "report"),
    "report": ("dataset", "workbook", "uuid", "name"),
    "dataset": ("uuid", "name", "table"),
    "spreadsheet": ("id", "name", "uuid"),
    "notebook": ("path", "file_name", "name"),
    "script": ("uri", "path", "file_name", "command"),
    "command": ("script", "path", "file_name", "name"),
    "image": ("name", "identifier"),
    "model": ("name", "identifier", "dataset"),
    "dag_id": ("name", "identifier"),
    "repository": ("name", "project", "identifier"),
    "project": ("name", "identifier"),
    "summary": ("subject", "message"),
    "instance": ("name", "identifier"),
    "cluster": ("name",),
    "query": ("sql",),
    "jql": ("filter", "command", "query"),
    "name": ("identifier",),
    "id": ("uuid", "name", "identifier"),
    "items": ("rows",),
    "rows": ("items",),
    "site": ("name",),
    "workspace": ("project",),
}


_WILDCARD = re.compile(r"[*?\[]")
_PROGRAM = re.compile(r"\.(?:py|jar|scala|r)$", re.IGNORECASE)
_SQL_FILE = re.compile(r"\.(?:sql|hql|cql)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SlotValues:
    """Values by slot name with the slot they were read from."""

    values: dict[str, ArgumentValue]
    origins: dict[str, Slot]

    def get(self, name: str) -> ArgumentValue | None:
        """The value of a slot or of one that can stand in for it."""
        if name in self.values:
            return self.values[name]
        plain = name.removeprefix("target_").removeprefix("source_")
        prefix = name[: len(name) - len(plain)]
        for other in _ALIASES.get(plain, ()):
            value = self.values.get(f"{prefix}{other}")
            text = str(getattr(value, "value", ""))
            whole = other == "path" or "/" in text or (other == "file_name" and f"{prefix}key" in self.values)
            if plain == "pattern" and whole and not _WILDCARD.search(text):
                # A folder or file is no pattern of names within it, nor is the last part of a key.
                continue
            if value is not None and (plain != "sql_file" or _SQL_FILE.search(text)):
                return value
        return None

    def filled(self, names: tuple[str, ...]) -> dict[str, ArgumentValue]:
        """The values for those of `names` that the words state, by the asked names."""
        found = {}
        for name in names:
            value = self.get(name)
            if value is not None:
                found[name] = value
        # The name of the thing itself is not its place too: these borrow only what nothing else takes.
        for place in ("project", "dataset", "table"):
            if place in found and place not in self.values:
                others = [value for name, value in found.items() if name != place]
                if found[place] in others:
                    del found[place]
        return found

    def evidence(self, name: str) -> Span | None:
        """The words behind a slot's value."""
        plain = name.removeprefix("target_").removeprefix("source_")
        for key in (name, *(f"{other}" for other in _ALIASES.get(plain, ()))):
            if key in self.origins:
                return self.origins[key].span
        return None


def _derived(slot: Slot) -> dict[str, object]:
    """What a value says beyond its own slot: an address is a bucket and a key, `a.b` a schema and a table."""
    found: dict[str, object] = {slot.name: slot.value}
    part = _PARTS.get(slot.name)
    if part is not None:
        found |= part(slot.value)
    return found


def _uri_parts(value: str) -> dict[str, object]:
    match = re.match(r"^(?P<scheme>\w+)://(?P<bucket>[^/]+)/?(?P<key>.*)$", value)
    if match is None:
        return {}
    found: dict[str, object] = {"bucket": match.group("bucket")}
    key = match.group("key")
    if key.endswith("/"):
        found["prefix"] = key
    elif key:
        found |= {"key": key, "prefix": key}
        if _WILDCARD.search(key):
            found["pattern"] = key
        if "." in key.rsplit("/", 1)[-1]:
            found["file_name"] = key.rsplit("/", 1)[-1]
    return found


def _table_parts(value: str) -> dict[str, object]:
    if not re.fullmatch(r"[\w$-]+(\.[\w$-]+){1,2}", value):
        return {"bare_table": value}
    parts = value.split(".")
    found: dict[str, object] = {"schema": parts[-2], "dataset": parts[-2], "bare_table": parts[-1]}
    if len(parts) == 3:
        found["project"] = parts[0]
    return found


def _collection_parts(value: str) -> dict[str, object]:
    database, dot, name = value.partition(".")
    return {"database": database, "collection": name} if dot and name else {}


def _resource_parts(value: str) -> dict[str, object]:
    parts = value.split("/")
    return {parts[index].removesuffix("s"): parts[index + 1] for index in range(0, len(parts) - 1, 2)}


def _url_parts(value: str) -> dict[str, object]:
    match = re.match(r"^https?://[^/]+(?P<path>/.*)?$", value)
    return {"endpoint": (match.group("path") or "/") if match else value}


_PARTS: dict[str, Callable[[str], dict[str, object]]] = {
    "uri": _uri_parts,
    "table": _table_parts,
    "collection": _collection_parts,
    "resource": _resource_parts,
    "url": _url_parts,
    "path": lambda value: {"folder": value} if value.endswith("/") else {},
    "folder": lambda value: {"prefix": value},
    "job": lambda value: {"script": value} if _PROGRAM.search(value) else {},
    "state_machine": lambda value: {"workflow": value},
}


def slot_values(step: Step, source: str = "", target: str = "") -> SlotValues:
    """The stated values of a step. With `source` and `target`, each side's own values under `source_…` and `target_…`.

    The plain name holds the source side's value first, then the value of the step as a whole, then the target's. Where
    one service has two values of a kind ("copy a to b"), the second one is the target's.
    """
    found = SlotValues({}, {})
    items = [item for item in step.slots if item.slot.name != "connection" or item.slot.kind == "uuid"]
    if any(item.slot.name == "path" for item in items):
        # "the file /a/b.csv to /c/d.csv": two places, not a name and a place.
        items = [_as_path(item) for item in items]
    two_sided = bool(source and target and source != target)
    if not two_sided:
        items = _first_places(items, found)
    _put_places(found, items, source, target, two_sided=two_sided)
    told = [item.slot.value for item in items if item.slot.name == "recipients"]
    if len(told) > 1:
        found.values["recipients"] = LiteralValue.of(told)
    _from_words(step, found)
    _sql_from_words(step, found)
    if "id" in found.values and "spreadsheet" in found.values:
        # The title names the sheet for people, the id is what the API wants.
        found.values["worksheet"], found.values["spreadsheet"] = found.values["spreadsheet"], found.values["id"]
    return found


def _put_places(found: SlotValues, items: list[OwnedSlot], source: str, target: str, *, two_sided: bool) -> None:
    """Each value under its plain name and, where there are two sides, under the name of its side."""
    seen: dict[tuple[str, str], int] = {}
    for item in items:
        for name, value in _derived(item.slot).items():
            count = seen[name, item.service] = seen.get((name, item.service), 0) + 1
            if two_sided and item.service in (source, target):
                _put(found, f"{'source' if item.service == source else 'target'}_{name}", value, item.slot)
            elif not two_sided and count == 2:
                _put(found, f"target_{name}", value, item.slot)
    for want in (source, "", target, None):
        for item in items:
            if want is None or item.service == want:
                for name, value in _derived(item.slot).items():
                    _put(found, name, value, item.slot)


def _first_places(items: list[OwnedSlot], found: SlotValues) -> list[OwnedSlot]:
    """The slots without the second address of one service ("from s3://a/ to s3://b/c/"): all of its parts are the target's."""
    addresses = [item for item in items if item.slot.name == "uri"]
    if len(addresses) != 2 or addresses[0].service != addresses[1].service:
        return items
    for name, value in _derived(addresses[1].slot).items():
        _put(found, f"target_{name}", value, addresses[1].slot)
    return [item for item in items if item is not addresses[1]]


def _as_path(item: OwnedSlot) -> OwnedSlot:
    is_place = item.slot.name == "file_name" and item.slot.value.startswith("/")
    return replace(item, slot=replace(item.slot, name="path")) if is_place else item


def _from_words(step: Step, found: SlotValues) -> None:
    """Values that stand in the words in a form of their own: variables of the environment, an age."""
    environment = {match.group("name"): match.group("value") for match in _ENVIRONMENT.finditer(step.words)}
    if environment:
        found.values.setdefault("environment", LiteralValue.of(environment))
    if _MOVE.match(step.words):
        found.values.setdefault("move", LiteralValue.of(True))
    for name, pattern in _NAMED.items():
        named = pattern.search(step.words)
        if named is not None:
            value = next(filter(None, named.groups()))
            found.values.setdefault(name, LiteralValue.of(int(value) if name in _COUNTS else value))
    _rows_and_files(step, found)
    arguments = None if "arguments" in found.values else stated_arguments(_beside_command(step), step.services)
    if arguments:
        found.values["arguments"] = LiteralValue.of(arguments)
    resources = stated_resources(step.words)
    if resources:
        found.values.setdefault("resources", LiteralValue.of(resources))
    if "main_class" in found.values and found.values.get("table") == found.values["main_class"]:
        # The dotted name of a class reads like the one of a table.
        for name in ("table", "schema", "dataset", "project", "bare_table"):
            found.values.pop(name, None)
    writing = _WRITING.search(step.words)
    if writing is not None:
        append = writing.group("append") is not None
        found.values.setdefault("write_disposition", LiteralValue.of("WRITE_APPEND" if append else "WRITE_TRUNCATE"))
    age = _AGE.search(step.words)
    if age is not None:
        days = int(age.group("n")) * _DAYS[age.group("unit").lower()[:4].rstrip("s")]
        found.values.setdefault("older_than_days", LiteralValue.of(days))
    old = _OLD.search(step.words)
    if old is not None:
        days = int(old.group("n")) * _DAYS[old.group("unit").lower()[:4].rstrip("s")]
        found.values.setdefault("older_than_days", LiteralValue.of(days))


def _beside_command(step: Step) -> str:
    """The words without the commands in them: their flags are theirs already."""
    words = step.words
    for command in step.values("command"):
        words = words.replace(command, " ")
    return words


def _sql_from_words(step: Step, found: SlotValues) -> None:
    """The statement for "only the rows whose …" and for "has at least … rows", if one table is named."""
    stated = found.values.get("sql")
    if step.action == "check" and isinstance(stated, LiteralValue) and isinstance(stated.value, str):
        statement, value = demanded_result(step.words, stated.value)
        found.values["sql"] = LiteralValue.of(statement)
        if value:
            found.values["value"] = LiteralValue.of(float(value) if "." in value else int(value))
        return
    tables = step.values("table", step.source) or step.values("table")
    if not tables or (len(tables) > 1 and not step.target) or "sql" in found.values or step.values("sql_file"):
        return
    statement = ""
    if step.action == "check":
        statement = check_statement(step, tables[0])
    elif step.action == "wait_for" and step.conditions and is_identifier(tables[0]):
        statement = f"SELECT COUNT(*) FROM {tables[0]} WHERE {' AND '.join(step.conditions)}"  # noqa: S608 - plain names
    elif step.action in ("extract", "copy") or step.lemma == "count" or (step.action == "load" and step.source):
        statement = rows_statement(step, tables[0])
    if statement:
        found.values["sql"] = LiteralValue.of(statement)


def _rows_and_files(step: Step, found: SlotValues) -> None:
    """By which columns rows are told apart, what form files have, and how their names begin or end."""
    form = _FORM.search(step.words)
    if form is not None and step.action in ("load", "copy", "extract"):
        found.values.setdefault("format", LiteralValue.of(form.group().lower()))
    if step.action in ("load", "copy") and _EMPTIES.search(step.words):
        found.values.setdefault("empty_first", LiteralValue.of(True))
    upsert = _UPSERTS.search(step.words)
    keys = key_match(step.words, upsert.end()) if upsert is not None else None
    if keys is not None:
        columns = list(key_columns(keys))
        found.values.setdefault("key_columns", LiteralValue.of(columns))
        found.values.setdefault("replace", LiteralValue.of(True))
        if len(columns) == 1 and "mongodb" in step.services:
            found.values.setdefault("key", LiteralValue.of(columns[0]))
    for pattern, shape in _AFFIXES:
        affix = pattern.search(step.words)
        if affix is not None and step.action in ("extract", "copy", "load", "delete", "wait_for"):
            found.values.setdefault("pattern", LiteralValue.of(shape.format(affix.group("v"))))


_EMPTIES = re.compile(
    r"\b(?:replac|overwrit)(?:ing|es?)\s+(?:what|everything|(?:all\s+|the\s+|any\s+)?(?:old|existing|previous|current)|all\s+rows|the\s+rows)\b",
    re.IGNORECASE,
)
_UPSERTS = re.compile(r"\b(?:upsert|merge)\w*\b", re.IGNORECASE)
# Forms that are no ordinary words.
_FORM = re.compile(
    r"(?<![\w.*/])(?:parquet|avro|orc)(?![\w/-])|(?<![\w.*/])(?:CSV|JSON)(?=\s+(?:files?\s+)?from\b)", re.IGNORECASE
)
_AFFIXES = (
    (re.compile(r"\b(?:ending|ends?)\s+(?:in|with)\s+[`'\"]?(?P<v>\.?[A-Za-z0-9_.-]*\w)", re.IGNORECASE), "*{}"),
    (re.compile(r"\b(?:starting|beginning|starts?|begins?)\s+with\s+[`'\"]?(?P<v>[A-Za-z0-9_.-]*\w)", re.IGNORECASE), "{}*"),
)  # fmt: skip
# "REGION=eu": what a container or a script finds in its environment.
_ENVIRONMENT = re.compile(r"(?<![\w-])(?P<name>[A-Z][A-Z0-9_]{1,60})=(?P<value>[\w./:@-]*[\w/])")
_WRITING = re.compile(
    r"\b(?:(?P<append>append\w*|hinzufüg\w*|anhäng\w*|ajout\w*|añad\w*|acrescent\w*)|overwrit\w*|replac\w*|truncat\w*)\b",
    re.IGNORECASE,
)
_SIZE = r"\d+\s?(?:[kmgt]i?b?|GB|MB)\b"
_NAMED = {
    "main_class": re.compile(r"\bmain[- ]class\s+[`'\"]?(?P<v>[A-Za-z_][\w$]*(?:\.[A-Za-z_$][\w$]*)*)", re.IGNORECASE),
    "num_executors": re.compile(r"\b(?P<v>\d{1,4})\s+executors\b", re.IGNORECASE),
    "executor_memory": re.compile(
        rf"\bexecutor[- ]memory\s+(?:of\s+)?(?P<v>{_SIZE})|\b(?P<w>{_SIZE})\s+(?:of\s+)?executor[- ]memory\b|"
        rf"\bexecutors\s+(?:of|with)\s+(?P<x>{_SIZE})(?:\s+(?:of\s+)?memory)?",
        re.IGNORECASE,
    ),
    "driver_memory": re.compile(
        rf"\bdriver[- ]memory\s+(?:of\s+)?(?P<v>{_SIZE})|\b(?P<w>{_SIZE})\s+(?:of\s+)?driver[- ]memory\b", re.IGNORECASE
    ),
    "executor_cores": re.compile(
        r"\b(?P<v>\d{1,3})\s+(?:executor[- ]cores|cores\s+(?:each|per\s+executor))\b|"
        r"\bexecutor[- ]cores\s+(?:of\s+)?(?P<w>\d{1,3})\b|\bexecutors\s+(?:of|with)\s+[^.;]{0,24}?\band\s+(?P<x>\d{1,3})\s+cores\b",
        re.IGNORECASE,
    ),
    "job": re.compile(
        r"\b(?:ECS|Fargate)\s+task\s+(?:definition\s+)?[`'\"]?(?P<v>[A-Za-z][A-Za-z0-9]*[-_][\w-]*\w(?::\d+)?)",
        re.IGNORECASE,
    ),
    "limit": re.compile(
        r"\b(?:up to|at most|no more than|a maximum of)\s+(?P<v>\d{1,9})\s+(?:messages?|records?|events?)\b",
        re.IGNORECASE,
    ),
    "partition": re.compile(r"\bpartition\s+[`'\"]?(?P<v>\d{4,10})\b", re.IGNORECASE),
}
_COUNTS = frozenset({"num_executors", "executor_cores", "limit"})
_MOVE = re.compile(r"\W*(?:then\W+)?(?:move|verschieb|déplace|mueve|mover|mova)", re.IGNORECASE)
_AGE = re.compile(
    r"\b(?:older than|after|for more than|älter als|plus anciens? (?:que|de)|más antigu[oa]s? (?:que|de)|mais antig[oa]s? (?:que|do que)|not (?:changed|used) for)\s+(?P<n>\d+)\s+"
    r"(?P<unit>day|week|month|year|tag|woche|monat|jahr|jour|semaine|mois|an|día|dia|semana|mes|año|mês|ano)s?\w*",
    re.IGNORECASE,
)
_OLD = re.compile(
    r"\b(?:over|more than|at least)\s+(?P<n>\d+)\s+(?P<unit>day|week|month|year)s?\s+old\b", re.IGNORECASE
)
_DAYS = {
    "day": 1, "tag": 1, "jour": 1, "día": 1, "dia": 1, "week": 7, "woch": 7, "sema": 7, "mont": 30, "mona": 30, "moi": 30, "mes": 30, "mês": 30, "me": 30,
    "mê": 30, "year": 365, "jahr": 365, "an": 365, "año": 365, "ano": 365,
}  # fmt: skip


def _put(found: SlotValues, name: str, value: object, slot: Slot) -> None:
    if name not in found.values:
        found.values[name] = LiteralValue.of(value)
        found.origins[name] = slot


def connection_of(step: Step, service: str) -> Slot | None:
    """The Airflow connection that the words name for a service of the step."""
    for item in step.slots:
        if item.slot.name == "connection" and item.slot.kind != "uuid" and item.service in ("", service):
            return item.slot
    stated = [item.slot for item in step.slots if item.slot.name == "connection" and item.slot.kind != "uuid"]
    if len(stated) == 1 and not (step.source and step.target and step.source != step.target):
        return stated[0]
    words = (
        service.replace("google_", "").replace("amazon_", "").replace("microsoft_", "").replace("aws_", "").split("_")
    )
    for item in step.slots:
        if item.slot.name in ("identifier", "name", "cluster") and item.service in ("", service):
            parts = set(item.slot.value.lower().split("_"))
            if parts & {word for word in words if len(word) > 2} and re.fullmatch(r"\w+", item.slot.value):
                return item.slot
    return None
