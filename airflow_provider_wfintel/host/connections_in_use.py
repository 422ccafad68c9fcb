"""Which connections DAGs use: read from the stored source of their newest version.

The serialized form has only what differs from an operator's defaults, and nothing of what the body of a task does, so
the source tells more. Defaults of hooks (`postgres_default` without being named) and computed names stay unknown.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["connections_in_use", "names_in"]

_MOST_LETTERS = 500_000
_LONGEST = 250


def connections_in_use(session: Session, dag_id: str = "") -> dict[str, tuple[str, ...]]:
    """Ids of connections, each with the DAGs that name it; DAGs that are in no file any more do not count.

    Args:
        session: a session on the metadata database; nothing is written.
        dag_id: only this DAG; empty: all.
    """
    from airflow.models.dag import DagModel
    from airflow.models.dag_version import DagVersion
    from airflow.models.dagcode import DagCode
    from sqlalchemy import func, select

    newest = select(DagVersion.dag_id, func.max(DagVersion.version_number).label("number")).group_by(DagVersion.dag_id)
    if dag_id:
        newest = newest.where(DagVersion.dag_id == dag_id)
    last = newest.subquery()
    query = (
        select(DagModel.dag_id, DagCode.source_code)
        .join(last, last.c.dag_id == DagModel.dag_id)
        .join(DagVersion, (DagVersion.dag_id == DagModel.dag_id) & (DagVersion.version_number == last.c.number))
        .join(DagCode, DagCode.dag_version_id == DagVersion.id)
        .where(~DagModel.is_stale)
    )
    found: dict[str, set[str]] = {}
    for name, source in session.execute(query):
        for conn_id in names_in(source or ""):
            found.setdefault(conn_id, set()).add(name)
    return {conn_id: tuple(sorted(found[conn_id])) for conn_id in sorted(found)}


@lru_cache(maxsize=4096)
def names_in(source: str) -> frozenset[str]:
    """Ids of connections that a DAG file names.

    Arguments whose name ends in `conn_id`, entries of dictionaries with such keys, and the first argument of
    `get_connection`; literals, and names that the module binds to one.
    """
    if len(source) > _MOST_LETTERS:
        return frozenset()
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    bound = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found: set[str] = set()
    for value in _candidates(tree):
        name = value.value if isinstance(value, ast.Constant) else bound.get(getattr(value, "id", ""))
        if isinstance(name, str) and 0 < len(name) <= _LONGEST and "{" not in name:
            found.add(name)
    return frozenset(found)


def _candidates(tree: ast.AST) -> list[ast.expr]:
    values: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            values += [item.value for item in node.keywords if item.arg and item.arg.endswith("conn_id")]
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called == "get_connection" and node.args:
                values.append(node.args[0])
        elif isinstance(node, ast.Dict):
            values += [
                value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value.endswith("conn_id")
            ]
    return values
