"""The faults: each is a DAG file in `cases/` with a literal `FAULT`, which is read without running the file."""

from __future__ import annotations

import ast
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

__all__ = ["CASES", "Fault", "faults"]

CASES = Path(__file__).with_name("cases")


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to fail.

    Attributes:
        name: name of the file and of the DAG.
        says: what is wrong, in words.
        labels: the root cause, then other classes that are true as well.
        evidence: words that the log or the facts hold if the fault really came about.
        shown: words that the evidence of a right diagnosis holds, where they are others than `evidence`.
        acceptable: remedies that may be tried.
        harmful: remedies that would do damage, hide the cause or repeat work for nothing.
        state: the state of the task `job` in which it is looked at.
        seconds: how long it must have been in that state.
        hold: SQL that another session runs, and keeps open, meanwhile.
        mark_failed: a person sets the running task to failed.
        quick: whether it belongs to the short suite.
    """

    name: str
    says: str
    labels: tuple[str, ...]
    evidence: str
    acceptable: tuple[str, ...]
    shown: str = ""
    harmful: tuple[str, ...] = ()
    state: str = "failed"
    seconds: float = 0.0
    hold: str = ""
    mark_failed: bool = False
    quick: bool = False

    @property
    def path(self) -> Path:
        """The DAG file."""
        return CASES / f"{self.name}.py"


@cache
def faults() -> tuple[Fault, ...]:
    """All faults, by name."""
    return tuple(_read(path) for path in sorted(CASES.glob("*.py")))


def _read(path: Path) -> Fault:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "FAULT":
            data = ast.literal_eval(node.value)
            if unknown := set(data) - {item.name for item in fields(Fault)}:
                raise ValueError(f"{path}: FAULT does not know {sorted(unknown)}")
            return Fault(name=path.stem, says=(ast.get_docstring(tree) or "").strip(), **data)
    raise ValueError(f"{path} has no FAULT")
