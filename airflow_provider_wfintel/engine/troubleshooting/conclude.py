"""From hits to a diagnosis: the class with its probability, or `unknown`, and what a person and a machine can do."""

from __future__ import annotations

import math
from collections.abc import Sequence

from airflow_provider_wfintel.engine.catalog.failures import FailureClass, Signature, failure_classes
from airflow_provider_wfintel.engine.model import Diagnosis, Evidence, RankedCause
from airflow_provider_wfintel.engine.troubleshooting.events import LogDocument
from airflow_provider_wfintel.engine.troubleshooting.evidence import cut_evidence
from airflow_provider_wfintel.engine.troubleshooting.scoring import Hit, class_scores, find_hits, probabilities

__all__ = ["UNKNOWN", "conclude", "confidence_terms", "find_hits"]

UNKNOWN = "unknown"
TEMPERATURE = 0.6
UNKNOWN_SCORE = 1.8
ABSTAIN_UNDER = 0.2
# Weights of `confidence_terms` in a logistic regression; `tests/evals/troubleshooting/fit_confidence.py` fits them.
_CONFIDENCE_BASE = 0.92
_CONFIDENCE_WEIGHTS = (0.30, 0.44, 0.21, 2.83, 0.38)
_MOST_SHARE = 0.9995
_TELLING = 3.0
_MOST_TELLING = 3
_RANKED = 5
_AT_LEAST = 3
_EVIDENCE = 3
_EVIDENCE_LETTERS = 560
_LOUD = ("error", "critical")
_TRANSIENT = {"transient": True, "permanent": False}


def conclude(document: LogDocument, hits: Sequence[Hit]) -> Diagnosis:
    """The diagnosis that the hits amount to. With none, or none that stands out, it is `unknown`."""
    scores = class_scores(hits)
    chances = probabilities(scores, temperature=TEMPERATURE, unknown=UNKNOWN_SCORE)
    ranked = tuple(RankedCause(label, round(chances[label], 4)) for label in list(scores)[:_RANKED])
    if not ranked or ranked[0].probability < ABSTAIN_UNDER:
        return _abstain(document, ranked)
    best = ranked[0].label
    ranked = _with_neighbours(ranked)
    own = [hit for hit in hits if hit.label == best]
    known = failure_classes()[best]
    advice = _advice(own, known)
    evidence = _evidence(own)
    return Diagnosis(
        label=best,
        confidence=_confidence(ranked[0].probability, own, known),
        ranked=ranked,
        evidence=evidence,
        transient=_TRANSIENT.get(advice.transient or known.transient),
        action=advice.action or known.action,
        explanation=_explanation(known, evidence),
        remedies=known.remedies,
        group=known.group,
        fix_location=advice.fix_location or known.fix_location,
        steps=known.steps,
        signatures=tuple(dict.fromkeys(hit.signature.id for hit in own)),
    )


def _advice(own: Sequence[Hit], known: FailureClass) -> Signature | FailureClass:
    """Whose advice holds: that of the leading signature, or of one that is as specific and has some of its own.

    A hit that its surroundings gave another class keeps the advice of that class, not of its signature.
    """
    lead = own[0].signature
    if lead.label != known.id:
        return known
    if lead.action or lead.transient:
        return lead
    closer = (
        hit.signature for hit in own if hit.signature.label == known.id and hit.signature.strength >= lead.strength
    )
    return next((signature for signature in closer if signature.action or signature.transient), lead)


def _with_neighbours(ranked: tuple[RankedCause, ...]) -> tuple[RankedCause, ...]:
    """At least three causes: where nothing else was found, the neighbours of the first, to be checked next."""
    known = {cause.label for cause in ranked}
    others = [name for name in failure_classes()[ranked[0].label].neighbours if name not in known]
    return ranked + tuple(RankedCause(name, 0.0) for name in others[: max(0, _AT_LEAST - len(ranked))])


def confidence_terms(share: float, own: Sequence[Hit], known: FailureClass) -> tuple[float, ...]:
    """What the confidence depends on.

    The log odds of the share; how specific the leading signature is (0 for strength 4); how many more telling
    signatures agree (at most 2); how far the class settles a case (0 for a certainty of 0.9); 1 if the lead is a fact
    or an exception that was logged with its traceback, else 0.

    Args:
        share: share of the class in the scores, 0 to 1.
        own: the hits of the class, best first.
        known: the class.
    """
    lead = own[0]
    share = min(_MOST_SHARE, share)
    telling = len({hit.signature.id for hit in own if hit.signature.strength >= _TELLING})
    event = lead.event
    clear = event.kind == "fact" or (event.kind == "exception" and event.chain > 0 and event.level in _LOUD)
    return (
        math.log(share / (1 - share)),
        lead.signature.strength - 4,
        float(min(_MOST_TELLING, telling) - 1),
        known.certainty - 0.9,
        float(clear),
    )


def _confidence(share: float, own: Sequence[Hit], known: FailureClass) -> float:
    """The probability that the label is right, by a logistic regression over `confidence_terms`.

    It was fitted where signatures had been taken away at random, so that the cases stand for texts that nobody has
    seen, and on reported failures at first sight: with all signatures the own sets are nearly always right and would
    teach too much trust.
    """
    terms = confidence_terms(share, own, known)
    odds = _CONFIDENCE_BASE + sum(weight * term for weight, term in zip(_CONFIDENCE_WEIGHTS, terms, strict=True))
    return round(1 / (1 + math.exp(-odds)), 4)


def _abstain(document: LogDocument, ranked: tuple[RankedCause, ...]) -> Diagnosis:
    last = next(
        (
            event
            for event in reversed(document.events)
            if event.level in ("error", "critical") or event.kind == "exception"
        ),
        None,
    )
    last = last or (document.events[-1] if document.events else None)
    evidence = (cut_evidence(last, 0, len(last.text.split("\n")[0])),) if last else ()
    said = f" The last thing it says is: {evidence[0].text}" if evidence else ""
    return Diagnosis(
        label=UNKNOWN,
        confidence=0.0,
        ranked=ranked,
        evidence=evidence,
        action="escalate",
        explanation=f"No known cause of failure was recognized in the log or in the facts of the try.{said}",
        remedies=("escalate",),
        steps=("Read the evidence and the lines before it.", "Compare with the last successful run of the task."),
    )


def _evidence(hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    """Evidence of the best hits, no line twice, short enough to be read at a glance."""
    found: list[Evidence] = []
    letters = 0
    for hit in hits:
        piece = cut_evidence(hit.event, hit.start, hit.end)
        if any(piece.text in other.text or other.text in piece.text for other in found):
            continue
        if letters + len(piece.text) > _EVIDENCE_LETTERS and found:
            continue
        found.append(piece)
        letters += len(piece.text)
        if len(found) == _EVIDENCE:
            break
    return tuple(found)


def _explanation(known: FailureClass, evidence: tuple[Evidence, ...]) -> str:
    said = f" The log says: {evidence[0].text}" if evidence and evidence[0].source == "log" else ""
    said = f" Airflow's records say: {evidence[0].text}" if evidence and evidence[0].source != "log" else said
    return f"{known.explanation}{said}"
