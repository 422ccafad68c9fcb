"""Propose a change of the DAG's file as a diff, for a person to look at. No file is changed."""

from __future__ import annotations

import difflib

from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import Proposal
from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Case, Inapplicable, RemedyPlan
from airflow_provider_wfintel.engine.troubleshooting.remedies.patches.arguments import mend_arguments
from airflow_provider_wfintel.engine.troubleshooting.remedies.patches.columns import rename_columns
from airflow_provider_wfintel.engine.troubleshooting.remedies.patches.imports import move_imports

__all__ = ["ProposePatch"]

_PATCHES = (
    ("imports at the place where Airflow 3 has them", move_imports),
    ("the argument as the function takes it", mend_arguments),
    ("the column as the database names it", rename_columns),
)


class ProposePatch:
    """A diff by LibCST for imports that moved, arguments that are missing or renamed, and renamed columns."""

    name = "propose_patch"
    title = "propose a change of the code"
    serves = ("fix_code", "fix_sql", "fix_schema", "pin_versions", "install_dependency")
    changes = "nothing"
    undoable = False

    def plan(self, case: Case) -> RemedyPlan | Inapplicable:
        """Fits if the source is at hand and one of the known changes applies to it."""
        source = case.facts.get("source")
        if not isinstance(source, str) or not source.strip():
            return Inapplicable("the source of the DAG is not at hand")
        evidence = case.evidence_text()
        for title, patch in _PATCHES:
            try:
                changed = patch(source, evidence)
            except Exception as error:  # LibCST cannot parse what Python cannot
                return Inapplicable(f"the source cannot be read: {type(error).__name__}")
            if changed is not None and changed != source:
                diff = self._diff(source, changed, str(case.facts.get("source_path") or "dag.py"))
                return RemedyPlan(
                    self.name, (Proposal(title, diff),), because="the failure names what does not fit",
                    success="person", fallback="escalate",
                )  # fmt: skip
        return Inapplicable("no known change of the source answers this failure")

    def _diff(self, before: str, after: str, path: str) -> str:
        lines = difflib.unified_diff(
            before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{path}", f"b/{path}"
        )
        return "".join(lines)
