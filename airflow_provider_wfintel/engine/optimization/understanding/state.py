"""What the parts of the reader share: where it stands in the file, its budget, and what it has noted down."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from airflow_provider_wfintel.engine.optimization.understanding.build import DagBuild, GroupBuild, Site, TaskBuild
from airflow_provider_wfintel.engine.optimization.understanding.effects import Effect, EffectKind, Gate
from airflow_provider_wfintel.engine.optimization.understanding.values import Frame, FunctionValue, InstanceValue

__all__ = ["MAIN", "OutOfBudget", "ReaderState", "Recording"]

MAIN = "__dag_file__"
"""The module name of the DAG file itself."""

_STEPS = 3_000_000
_STEPS_PER_TASK = 60_000


class OutOfBudget(Exception):
    """The code takes more steps than the reader is ready to follow."""


class Recording:
    """What happened while a piece of code ran."""

    def __init__(self) -> None:
        self.effects: dict[Effect, None] = {}
        self.gates: dict[Gate, None] = {}
        self.sleeps: float = 0.0
        self.skips = False
        self.mutates = False
        """Whether an object that was made before is changed, so that what comes later may see it."""
        self.content: set[str] = set()
        """Files whose content is read, not only their being there."""
        self.loops: list[LoopNote] = []

    @property
    def verdicts(self) -> list[Gate]:
        """The gates; to refuse to work because one's own input is not there says nothing about the data."""
        return [gate for gate in self.gates if not gate.about or not gate.about <= self.content]


class LoopNote:
    """One `for` statement of a task's function, with what each turn of it did."""

    def __init__(self, statement: ast.stmt, module: str) -> None:
        self.statement = statement
        self.module = module
        self.turns: list[Recording] = []
        self.known = True
        self.items: list[Any] = []


class ReaderState(ABC):
    """Base of the reader: state and the calls that its parts make on each other."""

    def __init__(self, siblings: Mapping[str, str]) -> None:
        self.siblings = dict(siblings)
        self.modules: dict[str, Frame] = {}
        self.steps = 0
        self.limit = _STEPS
        self.depth = 0
        self.doubt = 0
        self.recordings: list[Recording] = [Recording()]
        self.module = MAIN
        self.statements: list[ast.stmt] = []
        self.blocks: list[ast.stmt | None] = [None]
        self.path: tuple[tuple[int, int], ...] = ()
        self.loop_items: tuple[tuple[ast.stmt, Any], ...] = ()
        self.dags: list[DagBuild] = []
        self.dag: DagBuild | None = None
        self.group: GroupBuild | None = None
        self.task: TaskBuild | None = None
        self.top_level: list[tuple[ast.stmt, str, float]] = []
        self.notes: list[str] = []
        self.pushed: dict[tuple[str, str], Any] = {}
        self.instances: list[InstanceValue] = []
        self.privates = 0
        self.run_task: Callable[[str], Any] | None = None
        """Runs the code of a task of the DAG that is read now, by its id, and tells what it returns."""

    # what the parts provide
    @abstractmethod
    def evaluate(self, node: ast.expr, frame: Frame) -> Any:
        """The value of an expression."""

    @abstractmethod
    def call(self, function: Any, args: Sequence[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
        """Call something with values."""

    @abstractmethod
    def run_block(self, body: Sequence[ast.stmt], frame: Frame, owner: ast.stmt | None) -> str:
        """Run statements and tell how they ended: `next`, `return`, `break`, `continue`, `raise`."""

    @abstractmethod
    def call_function(self, function: FunctionValue, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Run a function whose code is at hand."""

    @abstractmethod
    def load_module(self, name: str) -> Frame | None:
        """The variables of a sibling module, or None if there is none of that name."""

    # notes
    def step(self) -> None:
        """Count one step.

        Raises:
            OutOfBudget: there were too many.
        """
        self.steps += 1
        if self.steps > self.limit:
            raise OutOfBudget

    @contextmanager
    def task_budget(self) -> Iterator[None]:
        """Give one task its own share of steps."""
        outer = self.limit
        self.limit = min(outer, self.steps + _STEPS_PER_TASK)
        try:
            yield
        finally:
            self.limit = outer

    @contextmanager
    def recording(self) -> Iterator[Recording]:
        """Collect what happens within, apart from what happened before."""
        record = Recording()
        self.recordings.append(record)
        try:
            yield record
        finally:
            self.recordings.pop()

    @contextmanager
    def doubting(self) -> Iterator[None]:
        """Within, it is not known whether the code runs at all."""
        self.doubt += 1
        try:
            yield
        finally:
            self.doubt -= 1

    def effect(self, kind: EffectKind, resource: str = "", node: ast.AST | None = None, what: str = "") -> None:
        """Note an access."""
        place = f"{what or kind} at {self._module_name()}:{getattr(node, 'lineno', 0)}"
        self.recordings[-1].effects.setdefault(Effect(kind, resource, place))

    def opaque(self, what: str, node: ast.AST | None) -> None:
        """Note that something happened that is not understood."""
        self.effect("opaque", "", node, what)

    def slept(self, seconds: float) -> None:
        """Note a pause."""
        self.recordings[-1].sleeps += seconds

    def gate(self, what: str, node: ast.AST) -> None:
        """Note that the code may refuse to go on."""
        self.recordings[-1].gates.setdefault(Gate(what, getattr(node, "lineno", 0), self.asked))

    asked: frozenset[str] = frozenset()
    """Files whose being there is all that the condition around the statement asks for."""

    def mutated(self, owner: Any) -> None:
        """Note that a list, dict, set or object is changed that was made before what is recorded now."""
        if self.task is None:
            return
        if any(value is owner for frame in self.modules.values() for value in frame.variables.values()):
            self.opaque("a variable of the module is changed", None)
        depth = len(self.recordings)
        if any(
            made is owner or any(value is owner for value in made.fields.values())
            for made in self.instances
            if made.depth < depth
        ):
            self.recordings[-1].mutates = True

    def merge(self, record: Recording) -> None:
        """Add what a recording holds to the one around it."""
        outer = self.recordings[-1]
        outer.effects.update(record.effects)
        outer.gates.update(record.gates)
        outer.sleeps += record.sleeps
        outer.skips = outer.skips or record.skips
        outer.mutates = outer.mutates or record.mutates
        outer.content |= record.content
        outer.loops.extend(record.loops)

    def site(self, node: ast.AST) -> Site:
        """Where the reader stands."""
        statement = self.statements[-1] if self.statements and self.module == MAIN else None
        return Site(statement, node, self.path, self.blocks[-1] if statement is not None else None, self.loop_items)

    def doubtful(self, what: str) -> None:
        """Note that the DAG being read may look otherwise than understood."""
        if self.dag is not None:
            self.dag.doubts.append(what)
        else:
            self.notes.append(what)

    def _module_name(self) -> str:
        return "file" if self.module == MAIN else self.module
