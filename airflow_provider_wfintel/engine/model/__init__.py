"""Floor 0, the words: frozen, typed values that every other floor speaks in, and the ports.

The names are loaded when they are first asked for: who needs one of them does not pay for all.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airflow_provider_wfintel.engine.model.changes import EventNote, RunChange, TryChange
    from airflow_provider_wfintel.engine.model.codec import Json, canonical_json, from_json, to_json
    from airflow_provider_wfintel.engine.model.fakes import (
        InMemoryContext,
        InMemoryDiagnoses,
        InMemoryHistory,
        InMemoryLogs,
        InMemoryStructure,
    )
    from airflow_provider_wfintel.engine.model.findings import Diagnosis, Evidence, Finding, RankedCause, Severity
    from airflow_provider_wfintel.engine.model.generation import (
        Assumption,
        Caution,
        ContextUse,
        Correction,
        DeploymentContext,
        Generation,
        HouseStyle,
        Mention,
        MentionRole,
        PatternMatch,
        Preference,
        Question,
        Suggestion,
        TaskEvidence,
    )
    from airflow_provider_wfintel.engine.model.history import (
        DagRunState,
        RunHistory,
        TaskState,
        TaskTry,
        WorkflowRun,
    )
    from airflow_provider_wfintel.engine.model.ports import (
        ContextPort,
        DiagnosisPort,
        HistoryPort,
        LogPort,
        StructurePort,
    )
    from airflow_provider_wfintel.engine.model.schedule import (
        AssetCondition,
        CalendarGate,
        GateKind,
        Schedule,
        ScheduleKind,
    )
    from airflow_provider_wfintel.engine.model.text_form import value_text, workflow_text
    from airflow_provider_wfintel.engine.model.trial import (
        Trial,
        TrialCall,
        TrialLevel,
        TrialRun,
        TrialState,
        TrialTask,
    )
    from airflow_provider_wfintel.engine.model.try_facts import (
        EarlierTry,
        EventRow,
        SettingChange,
        SourceChange,
        TryFacts,
        TypicalDuration,
    )
    from airflow_provider_wfintel.engine.model.validation import Check, ValidationIssue, ValidationReport
    from airflow_provider_wfintel.engine.model.values import (
        Argument,
        ArgumentValue,
        LiteralValue,
        Origin,
        OutputRef,
        ParamRef,
        SecondsValue,
        Span,
        SymbolRef,
        TemplateValue,
    )
    from airflow_provider_wfintel.engine.model.workflow import (
        Action,
        AlertEvent,
        AlertSpec,
        DeadlineSpec,
        Dependency,
        DependencyReason,
        GroupSpec,
        LimitSpec,
        MappingSpec,
        OperatorRef,
        ParamSpec,
        RetrySpec,
        TaskSpec,
        TriggerRule,
        WorkflowSpec,
    )

__all__ = [
    "Action",
    "AlertEvent",
    "AlertSpec",
    "Argument",
    "ArgumentValue",
    "AssetCondition",
    "Assumption",
    "CalendarGate",
    "Caution",
    "Check",
    "ContextPort",
    "ContextUse",
    "Correction",
    "DagRunState",
    "DeadlineSpec",
    "Dependency",
    "DependencyReason",
    "DeploymentContext",
    "Diagnosis",
    "DiagnosisPort",
    "EarlierTry",
    "EventNote",
    "EventRow",
    "Evidence",
    "Finding",
    "GateKind",
    "Generation",
    "GroupSpec",
    "HistoryPort",
    "HouseStyle",
    "InMemoryContext",
    "InMemoryDiagnoses",
    "InMemoryHistory",
    "InMemoryLogs",
    "InMemoryStructure",
    "Json",
    "LimitSpec",
    "LiteralValue",
    "LogPort",
    "MappingSpec",
    "Mention",
    "MentionRole",
    "OperatorRef",
    "Origin",
    "OutputRef",
    "ParamRef",
    "ParamSpec",
    "PatternMatch",
    "Preference",
    "Question",
    "RankedCause",
    "RetrySpec",
    "RunChange",
    "RunHistory",
    "Schedule",
    "ScheduleKind",
    "SecondsValue",
    "SettingChange",
    "Severity",
    "SourceChange",
    "Span",
    "StructurePort",
    "Suggestion",
    "SymbolRef",
    "TaskEvidence",
    "TaskSpec",
    "TaskState",
    "TaskTry",
    "TemplateValue",
    "Trial",
    "TrialCall",
    "TrialLevel",
    "TrialRun",
    "TrialState",
    "TrialTask",
    "TriggerRule",
    "TryChange",
    "TryFacts",
    "TypicalDuration",
    "ValidationIssue",
    "ValidationReport",
    "WorkflowRun",
    "WorkflowSpec",
    "canonical_json",
    "from_json",
    "to_json",
    "value_text",
    "workflow_text",
]

# The module of each name; a test holds that it is the one from which type checkers import it.
_NAMES = {
    "changes": (
        "EventNote",
        "RunChange",
        "TryChange",
    ),
    "codec": (
        "Json",
        "canonical_json",
        "from_json",
        "to_json",
    ),
    "fakes": (
        "InMemoryContext",
        "InMemoryDiagnoses",
        "InMemoryHistory",
        "InMemoryLogs",
        "InMemoryStructure",
    ),
    "findings": (
        "Diagnosis",
        "Evidence",
        "Finding",
        "RankedCause",
        "Severity",
    ),
    "generation": (
        "Assumption",
        "Caution",
        "ContextUse",
        "Correction",
        "DeploymentContext",
        "Generation",
        "HouseStyle",
        "Mention",
        "MentionRole",
        "PatternMatch",
        "Preference",
        "Question",
        "Suggestion",
        "TaskEvidence",
    ),
    "history": (
        "DagRunState",
        "RunHistory",
        "TaskState",
        "TaskTry",
        "WorkflowRun",
    ),
    "ports": (
        "ContextPort",
        "DiagnosisPort",
        "HistoryPort",
        "LogPort",
        "StructurePort",
    ),
    "schedule": (
        "AssetCondition",
        "CalendarGate",
        "GateKind",
        "Schedule",
        "ScheduleKind",
    ),
    "text_form": (
        "value_text",
        "workflow_text",
    ),
    "trial": (
        "Trial",
        "TrialCall",
        "TrialLevel",
        "TrialRun",
        "TrialState",
        "TrialTask",
    ),
    "try_facts": (
        "EarlierTry",
        "EventRow",
        "SettingChange",
        "SourceChange",
        "TryFacts",
        "TypicalDuration",
    ),
    "validation": (
        "Check",
        "ValidationIssue",
        "ValidationReport",
    ),
    "values": (
        "Argument",
        "ArgumentValue",
        "LiteralValue",
        "Origin",
        "OutputRef",
        "ParamRef",
        "SecondsValue",
        "Span",
        "SymbolRef",
        "TemplateValue",
    ),
    "workflow": (
        "Action",
        "AlertEvent",
        "AlertSpec",
        "DeadlineSpec",
        "Dependency",
        "DependencyReason",
        "GroupSpec",
        "LimitSpec",
        "MappingSpec",
        "OperatorRef",
        "ParamSpec",
        "RetrySpec",
        "TaskSpec",
        "TriggerRule",
        "WorkflowSpec",
    ),
}
_HOME = {name: module for module, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> object:
    """Load a name."""
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """All names, loaded or not."""
    return [*globals(), *__all__]
