"""Imports that Airflow 3 has elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import libcst

__all__ = ["move_imports"]

_STANDARD = "airflow.providers.standard"
_MOVED = {
    "airflow.operators.python": f"{_STANDARD}.operators.python",
    "airflow.operators.python_operator": f"{_STANDARD}.operators.python",
    "airflow.operators.bash": f"{_STANDARD}.operators.bash",
    "airflow.operators.bash_operator": f"{_STANDARD}.operators.bash",
    "airflow.operators.empty": f"{_STANDARD}.operators.empty",
    "airflow.operators.trigger_dagrun": f"{_STANDARD}.operators.trigger_dagrun",
    "airflow.operators.datetime": f"{_STANDARD}.operators.datetime",
    "airflow.operators.weekday": f"{_STANDARD}.operators.weekday",
    "airflow.operators.latest_only": f"{_STANDARD}.operators.latest_only",
    "airflow.sensors.external_task": f"{_STANDARD}.sensors.external_task",
    "airflow.sensors.filesystem": f"{_STANDARD}.sensors.filesystem",
    "airflow.sensors.python": f"{_STANDARD}.sensors.python",
    "airflow.sensors.bash": f"{_STANDARD}.sensors.bash",
    "airflow.sensors.date_time": f"{_STANDARD}.sensors.date_time",
    "airflow.sensors.time_delta": f"{_STANDARD}.sensors.time_delta",
    "airflow.decorators": "airflow.sdk",
    "airflow.models.dag": "airflow.sdk",
    "airflow.models.param": "airflow.sdk",
    "airflow.models.connection": "airflow.sdk",
    "airflow.models.variable": "airflow.sdk",
    "airflow.models.baseoperator": "airflow.sdk",
    "airflow.hooks.base": "airflow.sdk",
    "airflow.hooks.base_hook": "airflow.sdk",
    "airflow.sensors.base": "airflow.sdk",
    "airflow.utils.task_group": "airflow.sdk",
    "airflow.utils.edgemodifier": "airflow.sdk",
    "airflow.datasets": "airflow.sdk",
}
_RENAMED = {"BaseSensorOperator": "BaseSensorOperator", "Dataset": "Asset", "DatasetAlias": "AssetAlias"}
_NAMED = re.compile(r"No module named [`'\"]?([\w.]+)|from [`'\"]?(airflow[\w.]*)[`'\"]?")


def move_imports(source: str, evidence: str) -> str | None:
    """The source with the imports that failed, and others from the same old place, at their new place.

    Args:
        source: text of the DAG file.
        evidence: what the failure said; only modules that it names (or below which it names one) are moved.
    """
    import libcst as cst

    named = {found.group(1) or found.group(2) for found in _NAMED.finditer(evidence)}
    moved = {old: new for old, new in _MOVED.items() if any(old == one or old.startswith(f"{one}.") for one in named)}
    if not moved:
        return None

    class Move(cst.CSTTransformer):
        def leave_ImportFrom(self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom) -> cst.ImportFrom:
            name = cst.Module([]).code_for_node(original_node.module) if original_node.module else ""
            new = moved.get(name)
            if new is None or original_node.relative:
                return updated_node
            return updated_node.with_changes(module=_dotted(new), names=_renamed(updated_node.names))

    return cst.parse_module(source).visit(Move()).code


def _dotted(name: str) -> libcst.Name | libcst.Attribute:
    import libcst as cst

    first, *rest = name.split(".")
    node: cst.Name | cst.Attribute = cst.Name(first)
    for part in rest:
        node = cst.Attribute(node, cst.Name(part))
    return node


def _renamed(names: libcst.ImportStar | object) -> object:
    import libcst as cst

    if isinstance(names, cst.ImportStar) or not isinstance(names, list | tuple):
        return names
    out = []
    for alias in names:
        new = _RENAMED.get(alias.name.value) if isinstance(alias.name, cst.Name) else None
        if new is None or new == alias.name.value:
            out.append(alias)
        else:
            # The old name stays in use below the import.
            asname = alias.asname or cst.AsName(cst.Name(alias.name.value))
            out.append(alias.with_changes(name=cst.Name(new), asname=asname))
    return out
