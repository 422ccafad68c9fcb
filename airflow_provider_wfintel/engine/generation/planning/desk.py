"""The desk: what every builder of tasks has at hand (catalogue, recipes, deployment, notes)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from airflow_provider_wfintel.engine.catalog import Catalog, OperatorSignature
from airflow_provider_wfintel.engine.catalog.recipe import RecipeBook
from airflow_provider_wfintel.engine.generation.planning.deployment import chosen_connection
from airflow_provider_wfintel.engine.generation.planning.drafts import Notes
from airflow_provider_wfintel.engine.generation.planning.naming import slug, unique
from airflow_provider_wfintel.engine.generation.planning.values import connection_of
from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.model import (
    Argument,
    DeploymentContext,
    LiteralValue,
    ParamRef,
    ParamSpec,
    Span,
)
from airflow_provider_wfintel.exceptions import CatalogError

__all__ = ["Desk"]

# Values that decide what the work is: they are asked for. Others are details with a parameter of their own.
_ASKED = frozenset(
    {
        "sql",
        "query",
        "table",
        "recipients",
        "condition",
        "command",
        "script",
        "dag_id",
        "path",
        "bucket",
        "topic",
        "queue",
        "index",
        "collection",
        "job_name",
        "job",
        "function",
        "remote_path",
        "workflow",
        "pipeline",
        "notebook",
        "workbook",
        "report",
    }
)
_ARRAYS = frozenset({"items", "columns", "key_columns"})


def declared_name(declared: Mapping[str, ParamSpec], slot: str, words: str) -> str:
    """The declared parameter that a missing value is: it has the slot's name and the words leave it open; or empty."""
    plain = slot.removeprefix("target_").removeprefix("source_")
    for name in declared:
        named = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words) is not None
        if name == plain or (named and (name.endswith(f"_{plain}") or name.startswith(f"{plain}_"))):
            return name
    return ""


def _is_asked(slot: str, step: Step) -> bool:
    """Whether a missing value leaves open what the work is, and not only how it is set up."""
    if slot == "endpoint":
        return (step.target or step.source) in ("http", "webhook")
    if slot in ("job_name", "job") and step.values("image"):
        return False
    return slot in _ASKED


@dataclass(slots=True)
class Desk:
    """Catalogue, recipes and deployment, with the notes that planning makes."""

    catalog: Catalog
    recipes: RecipeBook
    text: str
    context: DeploymentContext = DeploymentContext()
    dated: bool = True
    """Whether every run has a logical date: those that assets or people start may have none."""
    frequent: bool = False
    """Whether it runs more than once on a day, so that the day is no name for what a run writes."""
    notes: Notes = field(default_factory=Notes)
    said: list[Span] = field(default_factory=list)
    """Words that planning has carried out beside those that a slot holds."""
    declared: dict[str, ParamSpec] = field(default_factory=dict)
    """The parameters that the text declares, by name."""
    slots: dict[str, str] = field(default_factory=dict)
    """What each parameter stands for that was made for a missing value ("region"), by its name."""

    @property
    def run_day(self) -> str:
        """The template for the day of a run, one that every run of this DAG can fill."""
        return "{{ ds }}" if self.dated else "{{ dag_run.run_after | ds }}"

    @property
    def run_stamp(self) -> str:
        """The template that names what one run writes: its day, or its time where there are several on a day."""
        if not self.frequent:
            return self.run_day
        return "{{ ts_nodash }}" if self.dated else "{{ dag_run.run_after | ts_nodash }}"

    def connection(self, step: Step, service: str) -> tuple[str, Argument | None]:
        """The connection id for a service and, if it is not the operator's default, the argument for it.

        The words come first, then what the deployment has for the service, then the default.
        """
        stated = connection_of(step, service)
        if stated is not None:
            return stated.value, Argument("connection", LiteralValue.of(stated.value), "stated", stated.span)
        record = self.catalog.service(service) if service in self.catalog else None
        if record is None:
            return f"{slug(service)}_default", None
        chosen = chosen_connection(record, self.context, self.notes)
        if chosen:
            return chosen, Argument("connection", LiteralValue.of(chosen), "context")
        return record.default_connection_id or f"{slug(service)}_default", None

    def weights(self, service: str) -> dict[str, float]:
        """How much people liked the operators that were used for a service, by their paths: 0 to 1, 0.5 is unknown."""
        return {
            item.operator: item.weight for item in self.context.preferences if item.service == service and item.operator
        }

    def signature(self, path: str) -> OperatorSignature | None:
        """What a class takes, or None for a class of a user's own that no known distribution brings."""
        try:
            return self.catalog.signature(path)
        except CatalogError:
            return None

    def ask_for(self, slot: str, step: Step, *, task: str, what: str = "") -> ParamRef:
        """A parameter for a value that the words do not give, and the question for it."""
        name = slug(f"{task}_{slot}")
        declared = declared_name(self.declared, slot, step.words)
        if declared:
            return ParamRef(declared)
        words = re.sub(r"\s+", " ", step.words).strip()[:120]
        label = what or slot.replace("_", " ").removeprefix("target ").removeprefix("source ")
        described = f"{label} for: {words}"
        known = self.notes.params.get(name)
        # Tasks get their own ids later: two that are called alike must not share what each of them lacks.
        if known is not None and known.description != described:
            name = unique(name, self.notes.params)
        self.slots[name] = slot
        article = f"Which {label}"
        if slot.endswith("sql") or slot == "query":
            article = (
                "Which SQL statement"
                if step.action not in ("load", "copy")
                else "Which table, and which SQL statement,"
            )
        text = f"{article} is meant in {words!r}? Until then it is the parameter {name!r}."
        span = step.spans[0] if step.spans else None
        if _is_asked(slot.removeprefix("target_"), step):
            self.notes.ask(slot, text, span=span, task_id=task)
        else:
            self.notes.assume(
                slot,
                f"The {label} of {words!r} is the parameter {name!r}: give it a default or a value at the start.",
                span,
            )
        self.notes.params.setdefault(
            name,
            # No default: Airflow asks for it, and no task gets to see an empty value.
            ParamSpec(name, "array" if slot in _ARRAYS else "string", None, described),
        )
        return ParamRef(name)

    def forget(self, open_value: ParamRef) -> None:
        """Take back a parameter whose value was found after all, with the question or assumption about it."""
        self.notes.params.pop(open_value.name, None)
        name = repr(open_value.name)
        self.notes.questions[:] = [item for item in self.notes.questions if name not in item.text]
        self.notes.assumptions[:] = [item for item in self.notes.assumptions if name not in item.text]

    def span(self, step: Step) -> Span | None:
        """The first words of a step."""
        return step.spans[0] if step.spans else None
