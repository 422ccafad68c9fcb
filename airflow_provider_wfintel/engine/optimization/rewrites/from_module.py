"""Functions of modules beside the file, copied into the file: a loop in one can then be split like the file's own.

The module stays as it is, since other DAGs may use it. What the function uses of its module is imported from there.
"""

from __future__ import annotations

import ast
import builtins

from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft
from airflow_provider_wfintel.engine.optimization.rewrites.edit import Edits, apply_edits, char_column, segment
from airflow_provider_wfintel.engine.optimization.rewrites.imports import import_name
from airflow_provider_wfintel.engine.optimization.rewrites.text import fresh_name, loaded, stored, taken_names
from airflow_provider_wfintel.engine.optimization.rewrites.tidy import tidy
from airflow_provider_wfintel.engine.optimization.understanding.model import TaskModel
from airflow_provider_wfintel.engine.optimization.understanding.state import MAIN
from airflow_provider_wfintel.engine.optimization.understanding.values import External, FunctionValue, ModuleValue

__all__ = ["brought_here"]


def brought_here(draft: Draft, task: TaskModel) -> Draft | None:
    """The draft with the function of a task copied from its module into the file; None if there is no loop in it.

    Only a step on the way: whoever finds no use for the loop leaves the file as it was.
    """
    function, call, statement = task.build.function, task.build.site.node, task.build.site.statement
    if not isinstance(function, FunctionValue) or function.wraps is not None or not task.known or task.role != "work":
        return None
    node, source = function.node, draft.siblings.get(function.module)
    if function.module == MAIN or source is None or not isinstance(node, ast.FunctionDef) or node.decorator_list:
        return None
    if function.frame is not function.frame.top or not isinstance(call, ast.Call) or statement is None:
        return None
    if not any(isinstance(item, ast.For) for item in ast.walk(node)):
        return None
    place = next((item.arg for item in call.keywords if item.arg == "python_callable"), None)
    top = next((item for item in draft.file.tree.body if any(part is statement for part in ast.walk(item))), None)
    needed = _needed(draft, function, node)
    if place is None or top is None or needed is None:
        return None
    edits = Edits()
    if not all(import_name(draft, function.module, name, edits) for name in needed):
        return None
    name = fresh_name(draft.file.tree, f"{node.name}_here")
    text = segment(source, node)
    edits.add_before(top.lineno, text.replace(f"def {node.name}(", f"def {name}(", 1))
    edits.keywords[char_column(draft.source, call)] = {place: name}
    return draft.with_source(tidy(draft.source, apply_edits(draft.source, edits)))


def _needed(draft: Draft, function: FunctionValue, node: ast.FunctionDef) -> list[str] | None:
    """What the function uses of its module and the file does not have yet; None if a name means something else here."""
    own = stored([node]) | {item.arg for item in ast.walk(node) if isinstance(item, ast.arg)}
    inner = {item.name for item in ast.walk(node) if isinstance(item, ast.FunctionDef) and item is not node}
    used = loaded([node]) - own - inner
    there, here = function.frame.top.variables, draft.file.variables
    taken = taken_names(draft.file.tree, loaded=False)
    found = []
    for name in sorted(used):
        if name not in there:
            if not hasattr(builtins, name):
                return None
        elif name not in taken:
            found.append(name)
        elif not _same(there[name], here.get(name)):
            return None
    return found


def _same(there: object, here: object) -> bool:
    """Whether a name of the module and one of the file mean the same."""
    return there is here or (isinstance(there, ModuleValue | External) and there == here)
