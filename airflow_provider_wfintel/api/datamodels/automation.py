"""Bodies of the automation routes."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field, StrictBool, StrictFloat, StrictInt

from airflow_provider_wfintel.api.datamodels.common import ListBody, StrictBody

__all__ = [
    "ClarificationBody",
    "EditBody",
    "EvidenceBody",
    "GenerateBody",
    "GenerationBody",
    "IssueBody",
    "MentionBody",
    "OperatorChoiceBody",
    "PatternBody",
    "PatternMatchBody",
    "RemarkBody",
    "SaveBody",
    "SavedBody",
    "ServiceBody",
    "ServicesBody",
    "SuggestionBody",
    "TakenBody",
    "TaskOperatorsBody",
    "TemplateBody",
    "TemplatesBody",
    "TrialBody",
    "TrialCallBody",
    "TrialRunBody",
    "TrialTaskBody",
    "TryBody",
    "UnusedBody",
    "ValidateBody",
    "ValidationBody",
]

SpanPair = tuple[int, int]
PatternValue = StrictBool | StrictInt | StrictFloat | str | list[StrictInt | str]


EditValue = StrictBool | StrictInt | StrictFloat | str | list[StrictBool | StrictInt | StrictFloat | str]


class EditBody(StrictBody):
    """Something that is set in a form instead of being said in words."""

    what: Literal["schedule", "retries", "retry_delay", "argument", "operator"] = Field(
        description="`schedule` is given in words, `retry_delay` in seconds, `operator` as one of the task's choices."
    )
    task_id: str = Field(default="", max_length=250, description="The task; empty: the DAG.")
    name: str = Field(default="", max_length=250, description="Of the argument.")
    value: EditValue | None = Field(description="A constant; it becomes a literal of the file.")


class GenerateBody(StrictBody):
    """A description to read."""

    user_input: str = Field(default="", description="The workflow in words; empty if a pattern is given.")
    pattern: str = Field(default="", description="Id of a template's pattern, instead of words.")
    values: dict[str, PatternValue] = Field(
        default_factory=dict, description="Values for the parameters and services of the pattern."
    )
    enhanced_intelligence: bool = Field(
        default=False, description="Ask a language model for a second opinion, if one is set up."
    )
    context_aware: bool = Field(
        default=True, description="Use what this deployment has, as far as the caller may see it."
    )
    edits: list[EditBody] = Field(
        default_factory=list, max_length=200, description="Changes of the spec, made after the words were read."
    )


class SaveBody(GenerateBody):
    """A description whose DAG file is to be saved. It is generated anew: no code is taken from the caller."""

    enhanced_intelligence: Literal[False] = Field(
        default=False, description="A file that a model had a say in is not saved without a person reading it."
    )
    source_hash: str = Field(
        default="", pattern="^([0-9a-f]{64})?$", description="SHA-256 of the source that was seen; empty: do not check."
    )
    replace: bool = Field(default=False, description="Replace the file that was saved here before, if it is unedited.")


class TryBody(GenerateBody):
    """A description whose DAG is to be run with stand-ins. It is generated anew: no code is taken from the caller."""

    enhanced_intelligence: Literal[False] = Field(
        default=False, description="A file that a model had a say in is not run without a person reading it."
    )


class SavedBody(BaseModel):
    """What was written. Asking again for what is there already changes nothing."""

    dag_id: str
    file_name: str
    source_hash: str
    replaced: bool


class MentionBody(BaseModel):
    """A service that the text names."""

    service: str
    span: SpanPair
    role: str
    confidence: float
    alternatives: list[str]
    actions: list[str] = Field(description="What can be done with the service, the most usual first.")


class EvidenceBody(BaseModel):
    """The words behind a task."""

    task_id: str
    spans: list[SpanPair]
    words: list[str]


class UnusedBody(BaseModel):
    """Words that nothing was made of."""

    span: SpanPair
    words: str


class RemarkBody(BaseModel):
    """An assumption or a warning."""

    about: str
    text: str
    span: SpanPair | None


class ClarificationBody(RemarkBody):
    """A question that only a person can answer."""

    options: list[str]
    task_id: str


class TakenBody(BaseModel):
    """Something in the DAG that comes from the deployment and not from the words."""

    about: str
    value: str
    source: str


class PatternMatchBody(BaseModel):
    """A pattern that the DAG follows. The confidence is a score by rule, no measured probability."""

    id: str
    title: str
    confidence: float
    why: list[str]


class SuggestionBody(BaseModel):
    """Something that would make the DAG better. Adding `sentence` as a paragraph to the description yields it."""

    id: str
    text: str
    reason: str
    sentence: str
    task_id: str


class OperatorChoiceBody(BaseModel):
    """An operator that could do the work of a task as well."""

    path: str = Field(description="`package.module:Class`.")
    asks: list[str] = Field(description="What it needs beside what the task says already.")


class TaskOperatorsBody(BaseModel):
    """What else could carry out a task, the most fitting first."""

    task_id: str
    choices: list[OperatorChoiceBody]


class GenerationBody(BaseModel):
    """The DAG file and everything a person should know about it. Spans are `[start, end)` character offsets."""

    text: str
    spec: dict[str, Any]
    source: str
    services: list[str]
    mentions: list[MentionBody]
    evidence: list[EvidenceBody]
    unused: list[UnusedBody]
    assumptions: list[RemarkBody]
    clarifications: list[ClarificationBody]
    warnings: list[RemarkBody]
    requirements: list[str]
    next_runs: list[str]
    taken: list[TakenBody]
    patterns: list[PatternMatchBody]
    suggestions: list[SuggestionBody]
    operators: list[TaskOperatorsBody]


class ValidateBody(StrictBody):
    """A DAG file to check."""

    source: str = Field(description="The Python source of a DAG file.")


class IssueBody(BaseModel):
    """One thing that is wrong with a file. `line` is 1-based, 0 if it has no line."""

    check: str
    message: str
    line: int
    hint: str


class ValidationBody(BaseModel):
    """The outcome of all checks that ran. The file is read, never executed."""

    ok: bool
    issues: list[IssueBody]
    checks: list[str]
    dag_ids: list[str]
    task_ids: list[str]


class ServiceBody(BaseModel):
    """One service of the catalogue."""

    id: str
    name: str
    category: str
    aliases: list[str]
    provider: str
    connection_type: str
    default_connection_id: str
    note: str


class ServicesBody(ListBody):
    """One page of the catalogue."""

    services: list[ServiceBody]
    total: int
    limit: int
    offset: int


class TemplateBody(BaseModel):
    """A description to start from."""

    id: str
    title: str
    text: str


class PatternRoleBody(BaseModel):
    """A part of a pattern that one of several services can play."""

    role: str
    description: str
    options: list[str]
    default: str


class PatternParameterBody(BaseModel):
    """A value that a person may set. `default` is null if it must be given."""

    name: str
    type: str
    description: str
    required: bool
    default: str | int | list[int] | list[str] | None
    minimum: int | None


class PatternTaskBody(BaseModel):
    """A task of a pattern; `${role}` stands for the chosen service."""

    id: str
    action: str
    services: list[str]
    after: list[str]


class PatternBody(BaseModel):
    """A reviewed template of data work, which `generate` turns into a DAG file."""

    id: str
    title: str
    category: str
    description: str
    use_when: list[str]
    avoid_when: list[str]
    services: list[PatternRoleBody]
    parameters: list[PatternParameterBody]
    tasks: list[PatternTaskBody]
    text: str


class TemplatesBody(BaseModel):
    """Example descriptions (`templates`, `total` of them) and all patterns."""

    templates: list[TemplateBody]
    total: int
    patterns: list[PatternBody]


class TrialCallBody(BaseModel):
    """A call that would have left the machine; secrets are blanked out."""

    service: str
    verb: str
    target: str = ""
    payload: str = ""


class TrialTaskBody(BaseModel):
    """A task of a trial run. `level` says how much of the real code ran."""

    task_id: str
    operator: str
    state: str
    level: str = ""
    calls: list[TrialCallBody] = []
    error: str = ""
    line: int = 0
    reason: str = ""
    mapped: int = 1


class TrialRunBody(BaseModel):
    """One run: with data from the stand-ins (`rows`), or without (`empty`)."""

    answers: str
    tasks: list[TrialTaskBody] = []


class TrialBody(BaseModel):
    """What the generated DAG did with a stand-in for every outside service."""

    dag_id: str
    ok: bool
    runs: list[TrialRunBody] = []
    params: list[str] = Field(default=[], description="Values made up for params that the file leaves open.")
    error: str = Field(default="", description="Why there is no run at all.")
    missing: list[str] = Field(default=[], description="Distributions that have to be installed first.")
    seconds: float = 0.0
