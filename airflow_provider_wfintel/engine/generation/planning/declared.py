"""Where the parameters that a text declares are used: placeholders and names in stated values, and rows they select."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.choice import is_kind
from airflow_provider_wfintel.engine.generation.planning.day_rows import day_condition, time_column
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.reading.slots import Slot
from airflow_provider_wfintel.engine.generation.reading.steps import OwnedSlot, Step
from airflow_provider_wfintel.engine.model import (
    Argument,
    LiteralValue,
    MappingSpec,
    ParamSpec,
    TaskSpec,
    to_json,
)

__all__ = ["with_declared_params", "with_declared_table", "with_row_conditions"]

_STATEMENTS = frozenset({"sql", "query", "hql", "statement", "statements"})


def with_declared_params(desk: Desk, tasks: tuple[TaskSpec, ...]) -> tuple[TaskSpec, ...]:
    """The tasks with a template wherever a stated value holds the name of a declared parameter as a hole.

    A parameter that no task uses is warned of: a run would ask for it in vain.
    """
    if not desk.declared:
        return tasks
    tasks = tuple(_with_params(desk, task) for task in tasks)
    used = " ".join(str(to_json(task)) for task in tasks)
    for name in desk.declared:
        if not re.search(
            rf"params\.{re.escape(name)}\b|'name': '{re.escape(name)}'|__param__': '{re.escape(name)}'", used
        ):
            desk.notes.warn("param", f"No task uses the parameter {name!r}: say where it goes, or leave it out.")
    return tasks


def _with_params(desk: Desk, task: TaskSpec) -> TaskSpec:
    arguments = tuple(_argument(desk, item) for item in task.arguments)
    mapping = task.mapping
    if mapping is not None and isinstance(mapping.over, LiteralValue):
        over = _argument(desk, Argument(mapping.argument or "sql", mapping.over))
        mapping = MappingSpec(mapping.argument, over.value, mapping.limit)
    return replace(task, arguments=arguments, mapping=mapping)


def _argument(desk: Desk, item: Argument) -> Argument:
    if not isinstance(item.value, LiteralValue) or item.origin == "missing" or item.name in ("purpose", "condition"):
        return item
    new = _filled(desk, item.value.value, statement=item.name in _STATEMENTS)
    return item if new == item.value.value else replace(item, value=LiteralValue.of(new))


def _filled(desk: Desk, data: object, *, statement: bool) -> object:
    if isinstance(data, list):
        return [_filled(desk, item, statement=statement) for item in data]
    if isinstance(data, dict):
        if set(data) in ({"__template__"}, {"__output__"}, {"__param__"}):
            return data
        return {key: _filled(desk, item, statement=statement or key in _STATEMENTS) for key, item in data.items()}
    if not isinstance(data, str):
        return data
    for name, param in desk.declared.items():
        own = re.escape(name)
        if data == name:
            return "{{ params.%s }}" % name  # noqa: UP031
        holes = rf"\{{\{{\s*(?:params\.)?{own}\s*\}}\}}|\$\{{{own}\}}|(?<![{{$]){{{own}}}(?!}})|<{own}>"
        data = re.sub(holes, lambda _, name=name: "{{ params.%s }}" % name, data)  # type: ignore[misc]  # noqa: UP031
        if statement:
            data = _as_table(data, name)
            marks = rf"(?P<quote>'?)(?:(?<![:\w]):{own}\b|(?<![@\w])@{own}\b|%\({own}\)s|(?<!\$)\${own}\b)(?P=quote)"
            quoted = _quoted(param)
            data = re.sub(marks, lambda _, quoted=quoted: quoted, data)  # type: ignore[misc]
    return data


def _as_table(statement: str, name: str) -> str:
    """The statement with the template where the name of the parameter stands for a table."""
    own = re.escape(name)
    place = rf"(?P<before>\b(?:FROM|INTO|TABLE)\s+(?:[\w$]+\.)?){own}(?![\w.])"
    return re.sub(place, lambda found: found.group("before") + "{{ params." + name + " }}", statement)


def _quoted(param: ParamSpec) -> str:
    """The template as a value of SQL."""
    plain = "{{ params.%s }}" % param.name  # noqa: UP031
    return plain if param.type in ("integer", "number", "boolean") else f"'{plain}'"


_FROM = r"(?:since|from|starting\s+(?:at|from|on|with)|beginning\s+(?:at|with)|on\s+or\s+after|>=|no\s+(?:older|earlier)\s+than)"
_AFTER = r"(?:after|later\s+than|newer\s+than|>)"
_UNTIL = r"(?:until|till|up\s+to|through|on\s+or\s+before|<=)"
_BEFORE = r"(?:before|earlier\s+than|older\s+than|<)"
_THE = r"(?:(?:the|that|this|its|a|given|same|column|param(?:eter)?|value|of)\s+)*[`\"']?"
_COLUMN = (
    r"(?:(?P<column>[A-Za-z_]\w*_(?:at|date|on|day|ts|time)|date|day|timestamp)\s+(?:is\s+|was\s+|are\s+|lies?\s+)?)?"
)
_READS = frozenset({"extract", "copy", "load", "delete", "query", "check", "transform", "wait_for"})


_THAT_TABLE = re.compile(
    r"\b(?:that|this|the\s+(?:given|named|chosen|requested|said))\s+table\b|\btable\s+(?:of|with)\s+that\s+name\b",
    re.IGNORECASE,
)
_TABLE_PARAM = re.compile(r"(?:source_)?table(?:_?name)?$", re.IGNORECASE)


def with_declared_table(desk: Desk, step: Step) -> Step:
    """The step with the parameter that names its table ("copy that table"), where the words name no other."""
    names = [name for name, param in desk.declared.items() if _TABLE_PARAM.match(name) and param.type == "string"]
    places = [item for item in (step.source, step.target) if item and is_kind(item, "sql")]
    if len(names) != 1 or not places or step.values("table") or not step.spans or not _THAT_TABLE.search(step.words):
        return step
    own = tuple(OwnedSlot(Slot("table", names[0], step.spans[0], True), place) for place in places)
    return replace(step, slots=(*step.slots, *own))


def with_row_conditions(desk: Desk, step: Step) -> Step:
    """The step with a condition for each declared parameter by which the words select rows."""
    where = step.source or step.target
    if step.action not in _READS or not is_kind(where, "sql") or step.values("sql"):
        return step
    words = step.words
    found = [condition for condition in (day_condition(desk, step, words),) if condition]
    for param in desk.declared.values():
        if _TABLE_PARAM.match(param.name):
            continue
        condition = _condition(desk, step, param, words)
        if condition:
            found.append(condition)
    return replace(step, conditions=tuple(found)) if found else step


def _condition(desk: Desk, step: Step, param: ParamSpec, words: str) -> str:
    own, value = re.escape(param.name), _quoted(param)
    end = r"(?![\w])"
    between = re.search(
        rf"{_COLUMN}(?:between|from)\s+{_THE}(?P<first>\w+)[`\"']?\s+(?:and|to|until|till|through)\s+{_THE}(?P<second>\w+)",
        words,
        re.I,
    )
    if between is not None and param.name in between.group("first", "second"):
        sign = ">=" if param.name == between.group("first") else "<="
        return f"{time_column(desk, step, between.group('column'), words)} {sign} {value}"
    for cue, sign in ((_FROM, ">="), (_AFTER, ">"), (_UNTIL, "<="), (_BEFORE, "<")):
        match = re.search(rf"{_COLUMN}{cue}\s+{_THE}{own}{end}", words, re.IGNORECASE)
        if match is not None:
            return f"{time_column(desk, step, match.group('column'), words)} {sign} {value}"
    equal = re.search(rf"\b(?P<column>[A-Za-z_]\w*)\s*(?:==?|is|equals?|matches|equal\s+to)\s+{_THE}{own}{end}", words)
    if equal is not None and equal.group("column").lower() not in ("it", "that", "which", "this", "there"):
        return f"{equal.group('column')} = {value}"
    stem = re.sub(r"_(?:id|key|code|name|no|number)$", "", param.name)
    that = (
        rf"|\b(?:that|the\s+given|this|the\s+requested)\s+{re.escape(stem).replace('_', '[ _]')}\b"
        if stem != param.name
        else ""
    )
    if re.search(
        rf"\b(?:with|for|of|by|on|matching|where|whose|to|only|that|this|given)\s+{_THE}{own}{end}{that}", words, re.I
    ):
        return f"{param.name} = {value}"
    return ""
