"""House style: how the DAG files of a deployment are mostly written, read from their source. Nothing is executed."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from airflow_provider_wfintel.engine.model import HouseStyle

__all__ = ["ENOUGH_DAGS", "learn_style"]

ENOUGH_DAGS = 3
"""From fewer DAGs nothing is learned: two files that agree may well be copies of each other."""

_MAJORITY = 0.6
_UNITS = {"weeks": 604800.0, "days": 86400.0, "hours": 3600.0, "minutes": 60.0, "seconds": 1.0}
_SEPARATORS = "_-."
_LONGEST_SOURCE = 500_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Dag:
    """What one DAG says of itself; what it does not say as a constant is empty."""

    dag_id: str = ""
    owner: str = ""
    tags: tuple[str, ...] = ()
    retries: int | None = None
    retry_delay: float | None = None
    decorated: bool = False


def learn_style(sources: Iterable[str]) -> HouseStyle:
    """What most DAGs in the sources agree on: at least 60 % of them, and at least `ENOUGH_DAGS` in all.

    Args:
        sources: texts of Python files. What is no valid Python, or holds no DAG, does not count.
    """
    dags = [dag for source in sources for dag in _dags(source)]
    if len(dags) < ENOUGH_DAGS:
        return HouseStyle(dags=len(dags))
    tags = Counter(tag for dag in dags for tag in set(dag.tags))
    ids = [dag.dag_id for dag in dags if dag.dag_id]
    separator = _separator(ids)
    return HouseStyle(
        dags=len(dags),
        owner=_most(dags, [dag.owner for dag in dags if dag.owner]) or "",
        tags=tuple(sorted(tag for tag, count in tags.items() if count >= _MAJORITY * len(dags))),
        retries=_most(dags, [dag.retries for dag in dags if dag.retries is not None]),
        retry_delay_seconds=_most(dags, [dag.retry_delay for dag in dags if dag.retry_delay is not None]),
        prefix=_prefix(ids, separator),
        separator=separator,
        decorated=sum(dag.decorated for dag in dags) >= _MAJORITY * len(dags),
    )


def _most(dags: list[_Dag], values: list[T]) -> T | None:
    """The value that the majority of all DAGs has."""
    if not values:
        return None
    value, count = Counter(values).most_common(1)[0]
    return value if count >= _MAJORITY * len(dags) else None


def _separator(ids: list[str]) -> str:
    counts = Counter(char for name in ids for char in set(name) if char in _SEPARATORS)
    # An id with an underscore is the rule; another sign must clearly be the habit.
    best = max("-.", key=lambda char: counts[char])
    return best if ids and counts[best] >= _MAJORITY * len(ids) and counts[best] > counts["_"] else "_"


def _prefix(ids: list[str], separator: str) -> str:
    heads = [name.split(separator, 1)[0] for name in ids if separator in name]
    if len(ids) < ENOUGH_DAGS or not heads:
        return ""
    head, count = Counter(heads).most_common(1)[0]
    return f"{head}{separator}" if count >= _MAJORITY * len(ids) and len(head) > 1 else ""


def _dags(source: str) -> Iterator[_Dag]:
    if len(source) > _LONGEST_SOURCE:
        return
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                call = decorator if isinstance(decorator, ast.Call) else None
                if _name(call.func if call else decorator) == "dag":
                    yield _dag(call, node.name, constants, decorated=True)
        elif isinstance(node, ast.Call) and _name(node.func) == "DAG":
            yield _dag(node, "", constants, decorated=False)


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _dag(call: ast.Call | None, name: str, constants: dict[str, ast.expr], *, decorated: bool) -> _Dag:
    arguments = {item.arg: item.value for item in call.keywords if item.arg} if call else {}
    if call and call.args:
        arguments.setdefault("dag_id", call.args[0])
    defaults = _entries(arguments.get("default_args"), constants)
    retries = _constant(defaults.get("retries"), int, constants)
    return _Dag(
        dag_id=_constant(arguments.get("dag_id"), str, constants) or name,
        owner=_constant(defaults.get("owner"), str, constants) or "",
        tags=_strings(arguments.get("tags"), constants),
        retries=None if isinstance(retries, bool) else retries,
        retry_delay=_seconds(defaults.get("retry_delay"), constants),
        decorated=decorated,
    )


def _resolved(node: ast.expr | None, constants: dict[str, ast.expr]) -> ast.expr | None:
    return constants.get(node.id) if isinstance(node, ast.Name) else node


def _constant(node: ast.expr | None, kind: type[T], constants: dict[str, ast.expr]) -> T | None:
    found = _resolved(node, constants)
    return found.value if isinstance(found, ast.Constant) and isinstance(found.value, kind) else None


def _entries(node: ast.expr | None, constants: dict[str, ast.expr]) -> dict[str, ast.expr]:
    found = _resolved(node, constants)
    if not isinstance(found, ast.Dict):
        return {}
    return {
        key.value: value
        for key, value in zip(found.keys, found.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }


def _strings(node: ast.expr | None, constants: dict[str, ast.expr]) -> tuple[str, ...]:
    found = _resolved(node, constants)
    if not isinstance(found, ast.List | ast.Tuple | ast.Set):
        return ()
    values = (_constant(item, str, constants) for item in found.elts)
    return tuple(value for value in values if value)


def _seconds(node: ast.expr | None, constants: dict[str, ast.expr]) -> float | None:
    found = _resolved(node, constants)
    if isinstance(found, ast.Constant) and isinstance(found.value, int | float) and not isinstance(found.value, bool):
        return float(found.value)
    if not isinstance(found, ast.Call) or _name(found.func) not in ("timedelta", "duration") or not found.keywords:
        return None
    total = 0.0
    for item in found.keywords:
        value = item.value
        if item.arg not in _UNITS or not isinstance(value, ast.Constant) or not isinstance(value.value, int | float):
            return None
        total += _UNITS[item.arg] * value.value
    return total
