"""Tasks from the catalogue's actions: a choice becomes an operator with its arguments."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.catalog import ServiceAction
from airflow_provider_wfintel.engine.catalog.sources import ConnectionSource, ObjectSource, SlotSource
from airflow_provider_wfintel.engine.generation.planning.choice import Choice
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft
from airflow_provider_wfintel.engine.generation.planning.exports import formatted
from airflow_provider_wfintel.engine.generation.planning.values import SlotValues
from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.model import (
    Argument,
    ArgumentValue,
    LiteralValue,
    OperatorRef,
    Origin,
    ParamRef,
    Span,
    TaskSpec,
    TemplateValue,
)

__all__ = ["from_choice", "gives_of", "session_values"]

_DOWNLOADS = ("SFTPOperator", "FTPFileTransmitOperator", "FTPSFileTransmitOperator")
_UPSTREAM = ("rows", "items", "vectors")
_PENDING = LiteralValue.of("__upstream__")


def gives_of(record: ServiceAction, *, reads: bool = True) -> str:
    """What the output of an operator is good for: `rows`, `items` or `value`; empty for nothing useful."""
    name = record.operator.rpartition(":")[2]
    if "List" in name:
        return "items"
    if name.startswith("SQLExecuteQuery"):
        return "rows" if reads else ""
    if name.startswith("HttpOperator"):
        return ""
    if name.startswith(_DOWNLOADS):
        # The output is the name of a file, not what is in it.
        return "path"
    if record.action in ("extract", "query"):
        return "rows"
    return ""


def _values_for(
    desk: Desk, step: Step, choice: Choice, values: SlotValues, task: str
) -> tuple[dict[str, ArgumentValue], dict[str, Argument]]:
    """The values for a choice's slots, and the connections that are not the operators' defaults."""
    record = choice.record
    known = values.filled(record.slots)
    connections: dict[str, Argument] = {}
    for slot in choice.missing:
        if slot == "format":
            continue
        known[slot] = desk.ask_for(slot, step, task=task)
    for slot in record.required_slots:
        if slot in _UPSTREAM and slot not in known:
            known[slot] = _PENDING
    for _, source in record.arguments:
        # An object may lack several of its parts: it stays an object with a parameter for each.
        if isinstance(source, ObjectSource):
            known |= {slot: desk.ask_for(slot, step, task=task) for slot in source.missing(known) if slot != "format"}
    here, there = step.source or step.tool or step.target, step.target or step.source
    for side, service in (
        ("source", record.service if record.service in step.services else here),
        ("target", record.target_service or there),
    ):
        _, argument = desk.connection(step, service)
        if argument is not None:
            known[f"connection.{side}"] = argument.value
            connections[f"connection.{side}"] = argument
    bare = values.values.get("bare_table")
    if bare is not None and known.get("table") == values.values.get("table") and {"schema", "dataset"} & set(known):
        # The schema has an argument or a place of its own: said twice, it would name another table.
        known["table"] = bare
    stated = values.values.get("format")
    return formatted(record, known if stated is None else {**known, "format": stated}), connections


def from_choice(desk: Desk, step: Step, choice: Choice, values: SlotValues, task: str) -> Draft:
    """The task that a choice stands for. Values that are missing become DAG parameters with a question."""
    record = choice.record
    arguments, needs = _arguments(desk, step, choice, values, task)
    if record.kind == "sensor":
        arguments.extend(_waiting(desk, step, record, arguments))
    arguments.extend(_file_settings(step, record, arguments))
    if _ALONE.match(
        str(
            next(
                (item.value for item in arguments if item.name == "sql" and isinstance(item.value, LiteralValue)),
                LiteralValue.of(""),
            ).value
        )
    ):
        arguments.append(Argument("autocommit", LiteralValue.of(True), "implied"))
    arguments.extend(_place(desk, step, record, arguments))
    session = session_values(step, record.service) if record.operator.endswith(":SQLExecuteQueryOperator") else {}
    if session:
        arguments.append(Argument("hook_params", LiteralValue.of(session), "stated", desk.span(step)))
    if record.distribution:
        desk.notes.requirements.add(record.distribution)
    spec = TaskSpec(
        task_id=task,
        label=_label(step),
        action=step.action,
        operator=OperatorRef(
            "sensor" if record.kind == "sensor" else "transfer" if record.kind == "transfer" else "operator",
            record.operator,
            "",
            record.distribution,
        ),
        services=step.services or (record.service,),
        arguments=tuple(arguments),
        evidence=step.spans,
        note=record.note,
    )
    return Draft(spec, step, needs, gives_of(record, reads=_reads(step, spec)), must=bool(needs))


_REGIONS = ("location", "region", "region_name")
_PROJECTS = ("project_id",)


def _place(desk: Desk, step: Step, record: ServiceAction, arguments: list[Argument]) -> list[Argument]:
    """The region and project that the words state, for an operator that takes them and whose record does not ask."""
    signature = desk.signature(record.operator)
    found: list[Argument] = []
    for slot, names in (("region", _REGIONS), ("project", _PROJECTS)):
        stated = next((item.slot for item in step.slots if item.slot.name == slot), None)
        if stated is None or signature is None:
            continue
        name = next((item for item in names if item in signature.arguments), "")
        known = {item.name for item in arguments}
        if name and not known & set(names) and not any(_holds(item.value, stated.value) for item in arguments):
            found.append(Argument(name, LiteralValue.of(stated.value), "stated", stated.span))
    return found


def _holds(value: ArgumentValue, text: str) -> bool:
    return isinstance(value, LiteralValue) and text in value.json


def _arguments(desk: Desk, step: Step, choice: Choice, values: SlotValues, task: str) -> tuple[list[Argument], str]:
    """The arguments of a choice, and the one that an upstream task's output fills (empty if none does)."""
    record = choice.record
    known, connections = _values_for(desk, step, choice, values, task)
    arguments: list[Argument] = []
    needs = ""
    for name, source in record.arguments:
        value = source.resolve(known)
        if value is None and name == "conn_id" and isinstance(source, ConnectionSource):
            # No database is known: left out, the hook would fail with words about something else.
            value = desk.ask_for("connection", step, task=task)
        if value is None and source.required_slots:
            # The words give a value that the argument cannot take as it is (a hostile table name, say).
            value = desk.ask_for(source.required_slots[0], step, task=task)
        if value is None:
            continue
        if isinstance(value, ParamRef) and isinstance(source, SlotSource) and source.shape == "object":
            value = _open_object(desk, step, name, value, task, choice)
        elif isinstance(value, ParamRef) and not _renders(desk, record, name):
            value = _placeholder(desk, step, name, value)
        elif isinstance(value, ParamRef) and isinstance(source, SlotSource) and source.shape == "list":
            value = _one_of(value)
        if isinstance(value, TemplateValue) and not _renders(desk, record, name):
            value = LiteralValue.of(_label(step))
            desk.notes.assume(
                name, f"Airflow renders nothing in {name!r}: it is the plain text {value.value!r}.", desk.span(step)
            )
        if value == _PENDING and _renders(desk, record, name):
            needs = name
            continue
        if value == _PENDING:
            # Airflow resolves outputs in template fields only: what goes in here has to be said.
            value = _placeholder(desk, step, name, desk.ask_for(name, step, task=task))
        told = connections.get(f"connection.{source.side}") if isinstance(source, ConnectionSource) else None
        if told is not None:
            arguments.append(Argument(name, value, told.origin, told.evidence))
            continue
        arguments.append(Argument(name, value, _origin(source.slots, values, value), _evidence(source.slots, values)))
    return _one_job(record, arguments), needs


def _file_settings(step: Step, record: ServiceAction, arguments: list[Argument]) -> list[Argument]:
    """How pandas writes the file of a transfer: without its row numbers, which are no column of the table."""
    if not record.operator.endswith(":SqlToS3Operator"):
        return []
    told = next((item.value for item in arguments if item.name == "file_format"), LiteralValue.of("csv"))
    form = told.value if isinstance(told, LiteralValue) else ""
    settings: dict[str, object] = {"index": False} if form in ("csv", "parquet") else {}
    if form in ("csv", "json") and re.search(r"\b(?:gzip\w*|gz|compressed)\b", step.words, re.IGNORECASE):
        settings["compression"] = "gzip"
    return [Argument("df_kwargs", LiteralValue.of(settings), "implied")] if settings else []


def _one_job(record: ServiceAction, arguments: list[Argument]) -> list[Argument]:
    """A Databricks job goes by its number or by its name: the operator refuses both at once."""
    named = {item.name: item for item in arguments if item.name in ("job_id", "job_name")}
    if record.service != "databricks" or len(named) < 2:
        return arguments
    number = named["job_id"].value
    numbered = isinstance(number, LiteralValue) and str(number.value).isdigit()
    return [item for item in arguments if item.name != ("job_name" if numbered else "job_id")]


def _waiting(desk: Desk, step: Step, record: ServiceAction, arguments: list[Argument]) -> list[Argument]:
    """How a sensor waits: without a worker slot where it can, and no longer than the words say."""
    found = []
    signature = desk.signature(record.operator)
    if signature is not None and signature.deferrable and all(item.name != "deferrable" for item in arguments):
        found.append(Argument("deferrable", LiteralValue.of(True), "default"))
    waiting = _TIMEOUT.search(step.words)
    if waiting is not None:
        seconds = int(waiting.group("n")) * _UNITS[waiting.group("unit").lower()[0]]
        found.append(Argument("timeout", LiteralValue.of(seconds), "stated"))
    return found


_SESSION = ("warehouse", "role", "database", "schema")


def session_values(step: Step, service: str) -> dict[str, str]:
    """What the words say of a Snowflake session: warehouse, role, database, schema. It goes to the hook."""
    # The role of "grant … to role x" is no role of the session.
    if service != "snowflake" or step.lemma in ("grant", "revoke"):
        return {}
    return {name: values[0] for name in _SESSION if (values := step.values(name))}


def _renders(desk: Desk, record: ServiceAction, argument: str) -> bool:
    signature = desk.signature(record.operator)
    return signature is None or argument in signature.template_fields


def _placeholder(desk: Desk, step: Step, argument: str, open_value: ParamRef) -> LiteralValue:
    """What stands where Airflow fills in no parameter: a name that nothing has, so that the task fails until it is changed."""
    text = f"<{argument}>"
    words = f"Airflow fills in no parameter in {argument!r}: put the value in place of {text!r} in the file."
    desk.notes.ask("placeholder", words, span=desk.span(step))
    desk.notes.params.pop(open_value.name, None)
    desk.notes.assumptions = [item for item in desk.notes.assumptions if repr(open_value.name) not in item.text]
    return LiteralValue.of(text)


def _one_of(open_value: ParamRef) -> LiteralValue:
    """A list whose one item is the parameter: a template alone would arrive as text where a list is expected."""
    return LiteralValue.of([{"__param__": open_value.name}])


def _open_object(
    desk: Desk, step: Step, argument: str, open_value: ParamRef, task: str, choice: Choice
) -> LiteralValue:
    """What stands for settings that the words do not give: an object that no service accepts.

    A parameter would arrive as text, for Airflow renders templates to text.
    """
    words = " ".join(step.words.split())[:100]
    desk.notes.ask(
        argument,
        f"Which settings (a JSON object) does {argument!r} take in {words!r}? Put them into the file; until then the task fails.",
        span=desk.span(step),
        task_id=task,
    )
    desk.notes.params.pop(open_value.name, None)
    desk.notes.assumptions[:] = [item for item in desk.notes.assumptions if repr(open_value.name) not in item.text]
    stated = {f"<{item}>": value for item in choice.unused for value in step.values(item)}
    return LiteralValue.of({f"<{argument}>": "<to be filled in>"} | stated)


# Statements that a database refuses inside a transaction.
_ALONE = re.compile(r"\s*vacuum\b", re.IGNORECASE)
_WRITES = re.compile(
    r"^\s*(?:call|exec|insert|update|delete|merge|truncate|vacuum|create|drop|alter|msck|refresh|optimize|analyze|copy)\b",
    re.IGNORECASE,
)


def _reads(step: Step, spec: TaskSpec) -> bool:
    """Whether a SQL task returns rows: its statement reads, or the words ask for data."""
    sql = spec.argument("sql")
    if sql is not None and isinstance(sql.value, LiteralValue):
        return not _WRITES.match(str(sql.value.value))
    return step.action in ("extract", "query")


_TIMEOUT = re.compile(
    r"\b(?:no longer than|at most|up to|max(?:imum)?(?: of)?|not more than|for|höchstens|maximal|au plus|como máximo|no máximo)\s+(?P<n>\d+)\s*(?P<unit>h(?:ours?|rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?|stunden?|minuten?|horas?|minutos?|heures?)\b",
    re.IGNORECASE,
)
_UNITS = {"h": 3600, "m": 60, "s": 1}


def _label(step: Step) -> str:
    return " ".join(step.words.split())[:80]


def _origin(slots: tuple[str, ...], values: SlotValues, value: ArgumentValue) -> Origin:
    if isinstance(value, ParamRef) or (isinstance(value, LiteralValue) and '"__param__"' in value.json):
        return "missing"
    if any(values.get(slot) is not None for slot in slots):
        return "stated"
    return "default"


def _evidence(slots: tuple[str, ...], values: SlotValues) -> Span | None:
    return next((span for slot in slots if (span := values.evidence(slot)) is not None), None)
