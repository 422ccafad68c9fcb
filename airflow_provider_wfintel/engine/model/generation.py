"""What reading a description gives beside the WorkflowSpec: mentions, questions, assumptions, evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from airflow_provider_wfintel.engine.model.values import Span
from airflow_provider_wfintel.engine.model.workflow import WorkflowSpec

__all__ = [
    "Assumption",
    "Caution",
    "DeploymentContext",
    "Generation",
    "Mention",
    "MentionRole",
    "Question",
    "TaskEvidence",
]

MentionRole: TypeAlias = Literal["source", "target", "tool", "channel", "subject", "passing", "unknown"]
"""`passing` mentions (instead of X, migrated from X, an ordinary word) are not part of the workflow."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A service that the text names.

    Attributes:
        service: catalogue id.
        span: the words.
        role: the part it plays.
        confidence: probability that the text really means this service as part of the workflow, 0 to 1.
        alternatives: other catalogue ids that the words could mean, best first.
    """

    service: str
    span: Span
    role: MentionRole = "unknown"
    confidence: float = 1.0
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """Something the text leaves open and that only a person can say.

    `about` is a short stable key (`schedule`, `connection`, `alert_channel`, ...), `options` are answers to pick from.
    """

    about: str
    text: str
    options: tuple[str, ...] = ()
    span: Span | None = None
    task_id: str = ""


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something decided for the person, which they may want to change."""

    about: str
    text: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Caution:
    """Something that works but should be looked at: a contradiction, a risk, a service without a provider."""

    about: str
    text: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class TaskEvidence:
    """The words behind a task."""

    task_id: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class DeploymentContext:
    """What a deployment already has; everything is optional.

    `connections` are `(id, type)` pairs, `pools` `(name, slots)` pairs.
    """

    connections: tuple[tuple[str, str], ...] = ()
    providers: tuple[str, ...] = ()
    pools: tuple[tuple[str, int], ...] = ()
    assets: tuple[str, ...] = ()
    dag_ids: tuple[str, ...] = ()
    timezone: str = ""
    owner: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Generation:
    """The whole answer to one description: the spec, the file, and everything a person should know about it."""

    spec: WorkflowSpec
    source: str
    text: str
    mentions: tuple[Mention, ...] = ()
    evidence: tuple[TaskEvidence, ...] = ()
    unused: tuple[Span, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    clarifications: tuple[Question, ...] = ()
    warnings: tuple[Caution, ...] = ()
    requirements: tuple[str, ...] = ()
    next_runs: tuple[str, ...] = ()
