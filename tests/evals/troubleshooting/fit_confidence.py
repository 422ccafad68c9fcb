"""Fit the confidence of a diagnosis where signatures are missing, and show how far it can be trusted.

    python -m tests.evals.troubleshooting.fit_confidence [--also FILE.jsonl]

The rules were mended on the labelled sets, so with all signatures they are nearly always right there: a confidence fitted
on that would be too bold for texts that nobody has seen. In each of eight rounds another quarter of the signatures is
taken away (chosen by a checksum of their names), and what is left has to do. `--also` adds labelled texts that no rule
was mended for (fields `text`, `label`); all signatures are used on them.
"""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from airflow_provider_wfintel.engine.catalog.failures import failure_classes
from airflow_provider_wfintel.engine.troubleshooting import conclude
from airflow_provider_wfintel.engine.troubleshooting.events import LogDocument
from airflow_provider_wfintel.engine.troubleshooting.facts import fact_events
from airflow_provider_wfintel.engine.troubleshooting.matching import default_index
from airflow_provider_wfintel.engine.troubleshooting.reading import read_document
from airflow_provider_wfintel.engine.troubleshooting.redaction import redact
from airflow_provider_wfintel.engine.troubleshooting.scoring import Hit, class_scores, find_hits, probabilities
from airflow_provider_wfintel.engine.troubleshooting.service import ACTING_CONFIDENCE
from tests.evals.scoring import SHARED, read_lines

HERE = Path(__file__).parent
ROUNDS = 8
ONE_OF = 4
BINS = 10


class Answer(NamedTuple):
    """What the confidence of one answer depends on, and whether the answer was right."""

    terms: tuple[float, ...]
    right: bool
    origin: str


def hits_of(case: Mapping[str, Any]) -> list[Hit]:
    """All hits of a case."""
    document = read_document(redact(case["text"], ()))
    facts = fact_events(case.get("facts"), has_log=bool(case["text"].strip()))
    if facts:
        document = LogDocument((*document.events, *facts), document.lines, 0)
    return find_hits(document, default_index())


def answer_of(hits: Sequence[Hit], label: str, origin: str) -> Answer | None:
    """The answer that hits amount to; None for `unknown`."""
    scores = class_scores(hits)
    shares = probabilities(scores, temperature=conclude.TEMPERATURE, unknown=conclude.UNKNOWN_SCORE)
    best = next(iter(scores), None)
    if best is None or shares[best] < conclude.ABSTAIN_UNDER:
        return None
    own = [hit for hit in hits if hit.label == best]
    return Answer(conclude.confidence_terms(shares[best], own, failure_classes()[best]), best == label, origin)


def answers(also: Path | None) -> Iterator[Answer]:
    """Answers of all sets without a quarter of the signatures, and of the added texts with all of them."""
    sets = {"own": read_lines(HERE / "cases.jsonl")}
    sets["written"] = [case for path in sorted(HERE.glob("written_*.jsonl")) for case in read_lines(path)]
    reported = SHARED / "data/failures/dev.jsonl"
    if reported.is_file():
        sets["dev"] = read_lines(reported)
    for origin, cases in sets.items():
        for case in cases:
            hits = hits_of(case)
            for turn in range(1, ROUNDS + 1):
                left = [hit for hit in hits if zlib.crc32(f"{turn}{hit.signature.id}".encode()) % ONE_OF]
                found = answer_of(left, case["label"], origin)
                if found:
                    yield found
    for case in read_lines(also) if also else ():
        found = answer_of(hits_of(case), case["label"], "also")
        if found:
            yield found


def told(origin: str, confidences: Sequence[float], right: Sequence[bool]) -> str:
    """One line: accuracy, mean confidence, expected calibration error, precision where a machine may act."""
    gap = 0.0
    for low in range(BINS):
        chosen = [pair for pair in zip(confidences, right, strict=True) if min(BINS - 1, int(pair[0] * BINS)) == low]
        gap += abs(sum(confidence for confidence, _ in chosen) - sum(hit for _, hit in chosen))
    sure = [hit for confidence, hit in zip(confidences, right, strict=True) if confidence >= ACTING_CONFIDENCE]
    return (
        f"{origin:8} n={len(right):5}  right {sum(right) / len(right):.3f}  told {sum(confidences) / len(right):.3f}  "
        f"error {gap / len(right):.3f}  where to act {sum(sure)} of {len(sure)}"
    )


def main() -> None:
    """Print the weights and what they give on each set."""
    from sklearn.linear_model import LogisticRegression

    parser = argparse.ArgumentParser()
    parser.add_argument("--also", type=Path, help="labelled texts that no rule was mended for")
    found = list(answers(parser.parse_args().also))
    origins = sorted({answer.origin for answer in found})
    size = {origin: sum(answer.origin == origin for answer in found) for origin in origins}
    model = LogisticRegression(C=100.0, max_iter=1000)
    model.fit(
        [answer.terms for answer in found],
        [answer.right for answer in found],
        sample_weight=[1000 / size[answer.origin] for answer in found],
    )
    print(
        "base", round(float(model.intercept_[0]), 2), "weights", [round(float(weight), 2) for weight in model.coef_[0]]
    )
    for origin in origins:
        chosen = [answer for answer in found if answer.origin == origin]
        confidences = [float(pair[1]) for pair in model.predict_proba([answer.terms for answer in chosen])]
        print(told(origin, confidences, [answer.right for answer in chosen]))


if __name__ == "__main__":
    main()
