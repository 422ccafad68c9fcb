"""What reading a description gives beside the WorkflowSpec: mentions, questions, assumptions, evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from airflow_provider_wfintel.engine.model.values import Span
from airflow_provider_wfintel.engine.model.workflow import WorkflowSpec

__all__ = [
    "Assumption",
    "Caution",
    "ContextUse",
    "Correction",
    "DeploymentContext",
    "Generation",
    "HouseStyle",
    "Mention",
    "MentionRole",
    "OperatorChoice",
    "PatternMatch",
    "Preference",
    "Question",
    "SpecEdit",
    "Suggestion",
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
class ContextUse:
    """One thing in the DAG that comes from the deployment and not from the words.

    `about` is a short stable key (`connection`, `timezone`, `owner`, ...), `value` what was taken, `source` from where.
    """

    about: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class HouseStyle:
    """How the DAG files of a deployment are mostly written; what they do not agree on is left empty.

    Attributes:
        dags: how many DAGs it was learned from.
        owner: `owner` of the default arguments.
        tags: tags that most DAGs carry.
        retries: `retries` of the default arguments.
        retry_delay_seconds: `retry_delay` of the default arguments.
        prefix: how most DAG ids begin, with its separator.
        separator: what parts the words of a DAG id: `_`, `-` or `.`.
        decorated: whether most DAGs are `@dag` functions instead of `with DAG(...)` blocks.
    """

    dags: int = 0
    owner: str = ""
    tags: tuple[str, ...] = ()
    retries: int | None = None
    retry_delay_seconds: float | None = None
    prefix: str = ""
    separator: str = "_"
    decorated: bool = False


@dataclass(frozen=True, slots=True)
class Preference:
    """How this deployment carries out an action, learned from what people accepted and corrected.

    `operator` is `package.module:Class`, or empty if only the connection is preferred. `weight` is the expected share
    of people who accept it, 0 to 1.
    """

    service: str
    action: str
    operator: str = ""
    target_service: str = ""
    connection_id: str = ""
    weight: float = 0.5


@dataclass(frozen=True, slots=True)
class Correction:
    """One thing that a person kept or changed in a generated DAG.

    Attributes:
        service: catalogue id.
        action: what the task does with it.
        operator: `package.module:Class` that the person wants; empty if only the connection is meant.
        instead_of: the class that was proposed, if it was another one.
        target_service: the other side of a transfer.
        connection_id: the connection that the person wants, if it is not the proposed one.
    """

    service: str
    action: str
    operator: str = ""
    instead_of: str = ""
    target_service: str = ""
    connection_id: str = ""


@dataclass(frozen=True, slots=True)
class DeploymentContext:
    """What a deployment already has; everything is optional.

    `connections` are `(id, type)` pairs, `pools` `(name, slots)` pairs, `providers` distributions, `assets` URIs.
    """

    connections: tuple[tuple[str, str], ...] = ()
    providers: tuple[str, ...] = ()
    pools: tuple[tuple[str, int], ...] = ()
    assets: tuple[str, ...] = ()
    dag_ids: tuple[str, ...] = ()
    timezone: str = ""
    owner: str = ""
    tags: tuple[str, ...] = ()
    style: HouseStyle = HouseStyle()
    preferences: tuple[Preference, ...] = ()


@dataclass(frozen=True, slots=True)
class PatternMatch:
    """A pattern of data work that the DAG follows.

    `confidence` is a score by rule between 0 and 1, not a measured probability; 1 means made from the pattern.
    """

    id: str
    title: str
    confidence: float
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that would make the DAG better and that the text does not ask for.

    Attributes:
        id: a short stable key.
        text: what to do.
        reason: why.
        sentence: what to add to the description to get it.
        task_id: the task that it is about, if it is about one.
    """

    id: str
    text: str
    reason: str
    sentence: str
    task_id: str = ""


@dataclass(frozen=True, slots=True)
class OperatorChoice:
    """An operator that could do the work of a task as well.

    Attributes:
        path: `package.module:Class`.
        asks: what it needs beside what the task says already, by slot ("bucket").
    """

    path: str
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SpecEdit:
    """Something that a person sets in a form instead of saying it in words.

    Attributes:
        what: `schedule` (words, empty for none), `retries`, `retry_delay` (seconds), `argument` of an operator, or
            `operator` (`"module:Class"`, one of the task's choices).
        value: the value as JSON text.
        task_id: the task; empty: the DAG.
        name: of the argument.
    """

    what: Literal["schedule", "retries", "retry_delay", "argument", "operator"]
    value: str
    task_id: str = ""
    name: str = ""


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
    taken: tuple[ContextUse, ...] = ()
    patterns: tuple[PatternMatch, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
