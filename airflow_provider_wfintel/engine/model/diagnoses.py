"""Why a try failed: a diagnosis with its evidence."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Diagnosis", "Evidence", "RankedCause"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something that can be looked up: lines of a log, a row, a measured value.

    `source` says where (`log`, `event_log`, `history`, `code`, ...), `first_line`/`last_line` are 1-based.
    """

    source: str
    text: str = ""
    first_line: int | None = None
    last_line: int | None = None


@dataclass(frozen=True, slots=True)
class RankedCause:
    """A root cause of the taxonomy with its probability."""

    label: str
    probability: float


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why a try failed. `label` is a class of the taxonomy or `unknown` (the engine abstains).

    Attributes:
        label: the most probable root cause.
        confidence: probability that the label is right, 0 to 1.
        ranked: the causes that came into question, most probable first.
        evidence: exact pieces of the log, or facts, that speak for the label.
        transient: whether the same try would probably pass if it ran again; None if that is not known.
        action: the first step that would help.
        explanation: what happened, in plain words.
        remedies: actions that a machine may take for this class, within a policy.
        group: the family of the class.
        fix_location: where the repair happens (config, code, data, infrastructure, permission, upstream).
        steps: what a person does, in order.
        signatures: ids of the signatures that matched for the label.
        circumstances: what was different around the try, as sentences: changes since the last success, other failures
            at the same time, an unusual duration. They prove nothing by themselves.
    """

    label: str
    confidence: float
    ranked: tuple[RankedCause, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    transient: bool | None = None
    action: str = ""
    explanation: str = ""
    remedies: tuple[str, ...] = ()
    group: str = ""
    fix_location: str = ""
    steps: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    circumstances: tuple[str, ...] = ()
