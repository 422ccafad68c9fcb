"""Drafts: tasks on the way from a step to a `TaskSpec`, with what they need from and give to other tasks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.model import (
    Argument,
    ArgumentValue,
    Assumption,
    Caution,
    ContextUse,
    LiteralValue,
    Origin,
    ParamSpec,
    Question,
    Span,
    TaskSpec,
)

__all__ = ["Draft", "Notes", "let_through", "literal"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A task before it is wired.

    Attributes:
        task: the task; `task_id` is a proposal.
        step: the step it was made from.
        needs: the argument that takes an upstream task's output, empty if it takes none.
        gives: what its output is: `rows`, `items`, `path`, `value` or nothing (empty).
        must: whether it makes no sense without an upstream output.
    """

    task: TaskSpec
    step: Step
    needs: str = ""
    gives: str = ""
    must: bool = False


_CODE = re.compile(r"\bfunctions?\b|\.py\b|\bscript\b", re.IGNORECASE)


def let_through(draft: Draft) -> Draft:
    """A check whose code is open lets through what it looks at: later work is not done with the answer of the check."""
    stands_for_itself = draft.step.action != "check" or _CODE.search(draft.step.words) is not None
    return draft if stands_for_itself else replace(draft, gives="")


@dataclass(slots=True)
class Notes:
    """What comes up while planning: open questions, assumptions, warnings, parameters, what the deployment gave."""

    questions: list[Question] = field(default_factory=list)
    assumptions: list[Assumption] = field(default_factory=list)
    warnings: list[Caution] = field(default_factory=list)
    params: dict[str, ParamSpec] = field(default_factory=dict)
    requirements: set[str] = field(default_factory=set)
    taken: list[ContextUse] = field(default_factory=list)

    def ask(
        self, about: str, text: str, *, span: Span | None = None, task_id: str = "", options: tuple[str, ...] = ()
    ) -> None:
        """Add a question once."""
        question = Question(about, text, options, span, task_id)
        if all(item.text != text for item in self.questions):
            self.questions.append(question)

    def assume(self, about: str, text: str, span: Span | None = None) -> None:
        """Add an assumption once."""
        if all(item.text != text for item in self.assumptions):
            self.assumptions.append(Assumption(about, text, span))

    def warn(self, about: str, text: str, span: Span | None = None) -> None:
        """Add a warning once."""
        if all(item.text != text for item in self.warnings):
            self.warnings.append(Caution(about, text, span))

    def take(self, about: str, value: str, source: str) -> None:
        """Record once what the deployment gave: `value` was found in `source`."""
        use = ContextUse(about, value, source)
        if use not in self.taken:
            self.taken.append(use)


def literal(name: str, value: object, origin: Origin = "stated", evidence: Span | None = None) -> Argument:
    """An argument with a constant."""
    return Argument(name, LiteralValue.of(value), origin, evidence)


def argument(name: str, value: ArgumentValue, origin: Origin = "stated", evidence: Span | None = None) -> Argument:
    """An argument with any value."""
    return Argument(name, value, origin, evidence)
