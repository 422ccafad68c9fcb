"""Which tables a SQL statement reads and writes, by sqlglot's parser."""

from __future__ import annotations

import functools
import re
from typing import Any

from airflow_provider_wfintel.engine.optimization.understanding.aliases import HOLE
from airflow_provider_wfintel.engine.optimization.understanding.effects import EffectKind, table_resource
from airflow_provider_wfintel.engine.optimization.understanding.values import Term

__all__ = ["sql_effects"]

_TEMPLATE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_CONTROL = re.compile(r"\{%.*?%\}", re.DOTALL)
_FILE = re.compile(r"[/\\]|\.(?:csv|tsv|parquet|json|jsonl|gz|orc|avro|txt)$", re.IGNORECASE)
_ACTS = re.compile(
    r"(?:^|_)(?:proc|sp|usp|process|refresh|load|run|exec|execute|sync|update|upsert|insert|delete|publish|merge|apply|"
    r"rebuild|generate|create|drop|truncate|move|archive|nextval|setval|notify|lock|send|call)(?:_|$)"
)
_VARYING = re.compile(r"\b(ti|task_instance|task|try_number)\b")


def sql_effects(statement: Term) -> tuple[tuple[EffectKind, str], ...] | None:
    """The accesses of one or more statements, or None if they are not understood.

    Holes and `{{ … }}` stand for one value in the whole run and may be part of a table's name.
    """
    if statement.varying:
        return None
    text = "".join(part if isinstance(part, str) else _stand_in(part.text) for part in statement.parts)
    if _CONTROL.search(text) or any(_VARYING.search(found) for found in _TEMPLATE.findall(text)):
        return None
    return _parsed(_TEMPLATE.sub(lambda found: _stand_in(found[0]), text))


def _stand_in(text: str) -> str:
    """A word that can stand in a statement for something that is not known."""
    inner = "".join(letter if letter.isalnum() and letter.isascii() else f"_{ord(letter):x}" for letter in text)
    return f"{HOLE}{inner}\u203a"


@functools.lru_cache(maxsize=4096)
def _parsed(text: str) -> tuple[tuple[EffectKind, str], ...] | None:
    import sqlglot
    from sqlglot.errors import SqlglotError

    found: dict[tuple[EffectKind, str], None] = {}
    try:
        trees = sqlglot.parse(text, error_level=sqlglot.ErrorLevel.RAISE)
    except (SqlglotError, RecursionError, ValueError):
        return None
    for tree in trees:
        if tree is None:
            continue
        effects = _effects(tree)
        if effects is None:
            return None
        found.update(dict.fromkeys(effects))
    return tuple(found)


def _effects(tree: Any) -> list[tuple[EffectKind, str]] | None:
    from sqlglot import exp

    targets = _targets(tree)
    if targets is None:
        return None
    hidden = {name.alias_or_name.lower() for name in tree.find_all(exp.CTE)}
    goals = {id(table) for table in targets}
    effects: list[tuple[EffectKind, str]] = [("write", _resource(table)) for table in targets]
    for table in tree.find_all(exp.Table):
        if id(table) in goals or not table.name or (table.name.lower() in hidden and not table.db):
            continue
        effects.append(("read", _resource(table)))
    if isinstance(tree, exp.Create) and tree.kind == "VIEW":
        effects.extend(("write", f"view:{_resource(table)[6:]}") for table in targets)
    if isinstance(tree, exp.Update | exp.Delete | exp.Merge | exp.Alter):
        effects.extend(("read", _resource(table)) for table in targets)
    return effects


def _targets(tree: Any) -> list[Any] | None:
    """The tables that a statement changes, or None if it is not understood."""
    from sqlglot import exp

    written: list[Any] = []
    if isinstance(tree, exp.Insert | exp.Merge | exp.Update | exp.Create):
        written = [tree.this]
    elif isinstance(tree, exp.Delete | exp.TruncateTable | exp.Drop | exp.Alter):
        written = [tree.this] if tree.this is not None else list(tree.expressions)
    elif not isinstance(tree, exp.Query):
        return None
    if isinstance(tree, exp.Create | exp.Drop) and tree.kind not in ("TABLE", "VIEW"):
        return None
    if any(_may_act(call) or isinstance(tree, exp.Query) for call in tree.find_all(exp.Anonymous)):
        return None  # a function of the database may do anything
    if any(_FILE.search(table.name) for table in tree.find_all(exp.Table)) or tree.find(
        exp.ReadCSV, exp.LocationProperty
    ):
        return None  # the data lie in files
    targets = [table for item in written if item is not None for table in item.find_all(exp.Table)]
    if isinstance(tree, exp.Create | exp.Insert | exp.Merge | exp.Update | exp.Delete) and targets:
        targets = targets[:1]
    if isinstance(tree, exp.Alter):
        targets = list(tree.find_all(exp.Table))  # a table is renamed, or its content is exchanged with another one's
    targets += [table for part in tree.find_all(exp.Into) for table in part.find_all(exp.Table)]
    for inner in tree.find_all(exp.Insert, exp.Update, exp.Delete, exp.Merge):
        if inner is not tree and inner.this is not None:
            targets += list(inner.this.find_all(exp.Table))[:1]
    return None if written and not targets else targets


def _may_act(call: Any) -> bool:
    """Whether a function that sqlglot does not know looks like one that does something: by its name, or without input."""
    return not call.expressions or bool(_ACTS.search(str(call.name).lower())) or call.find_ancestor(_dot()) is not None


def _dot() -> Any:
    from sqlglot import exp

    return exp.Dot


def _resource(table: Any) -> str:
    return table_resource(".".join(part for part in (table.catalog, table.db, table.name) if part))
