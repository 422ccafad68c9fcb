"""Arguments that a call lacks, or that have another name now."""

from __future__ import annotations

import re

__all__ = ["mend_arguments"]

_MISSING = re.compile(r"(?:(\w+)\.)?(\w+)\(\) missing \d+ required (?:positional|keyword-only) arguments?: '(\w+)'")
_UNEXPECTED = re.compile(
    r"(?:unexpected keyword argument|Invalid arguments? (?:were|was) passed|got an unexpected argument)[^']*'(\w+)'"
)
_RENAMED = {
    "schedule_interval": "schedule",
    "timetable": "schedule",
    "execution_date": "logical_date",
    "concurrency": "max_active_tasks",
    "task_concurrency": "max_active_tis_per_dag",
    "dataset": "asset",
    "datasets": "assets",
    "sla_miss_callback": "",
    "provide_context": "",
}
"""Old names of arguments; without a new one the argument is gone."""


def mend_arguments(source: str, evidence: str) -> str | None:
    """The source with the argument renamed, dropped or handed on; None if it is not clear what would be right.

    An argument that is missing is handed on only where the calling function has a parameter of the same name: any
    other value would be made up.
    """
    if (found := _UNEXPECTED.search(evidence)) and found.group(1) in _RENAMED:
        return _rename(source, found.group(1), _RENAMED[found.group(1)])
    if found := _MISSING.search(evidence):
        owner, called, argument = found.groups()
        return _hand_on(source, owner if called == "__init__" and owner else called, argument)
    return None


def _rename(source: str, old: str, new: str) -> str:
    import libcst as cst

    class Rename(cst.CSTTransformer):
        def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:  # noqa: ARG002
            present = {arg.keyword.value for arg in updated_node.args if arg.keyword}
            if old not in present or new in present:
                return updated_node
            kept = [arg for arg in updated_node.args if new or not (arg.keyword and arg.keyword.value == old)]
            args = [
                arg.with_changes(keyword=cst.Name(new)) if arg.keyword and arg.keyword.value == old else arg
                for arg in kept
            ]
            if args and not new and updated_node.args[-1] not in kept:
                args[-1] = args[-1].with_changes(comma=updated_node.args[-1].comma)
            return updated_node.with_changes(args=args)

    return cst.parse_module(source).visit(Rename()).code


def _hand_on(source: str, called: str, argument: str) -> str:
    import libcst as cst

    class HandOn(cst.CSTTransformer):
        def __init__(self) -> None:
            self.parameters: list[set[str]] = []

        def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
            params = (*node.params.posonly_params, *node.params.params, *node.params.kwonly_params)
            self.parameters.append({param.name.value for param in params})

        def leave_FunctionDef(
            self,
            original_node: cst.FunctionDef,  # noqa: ARG002
            updated_node: cst.FunctionDef,
        ) -> cst.FunctionDef:
            self.parameters.pop()
            return updated_node

        def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:  # noqa: ARG002
            callee = updated_node.func
            name = callee.attr if isinstance(callee, cst.Attribute) else callee
            here = self.parameters[-1] if self.parameters else set()
            if not isinstance(name, cst.Name) or name.value != called or argument not in here:
                return updated_node
            if any(arg.star or (arg.keyword and arg.keyword.value == argument) for arg in updated_node.args):
                return updated_node
            args = list(updated_node.args)
            if args:
                args[-1] = args[-1].with_changes(comma=cst.Comma(whitespace_after=cst.SimpleWhitespace(" ")))
            plain = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
            args.append(cst.Arg(cst.Name(argument), keyword=cst.Name(argument), equal=plain))
            return updated_node.with_changes(args=args)

    return cst.parse_module(source).visit(HandOn()).code
