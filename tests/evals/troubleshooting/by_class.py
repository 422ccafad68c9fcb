"""How often each class of failure was right where it was diagnosed with some confidence, by set.

    python -m tests.evals.troubleshooting.by_class [--from 0.85] [--under 0.95]

Classes whose certainty lies under `--under`: these never reach the confidence from which shared settings are changed.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator

from airflow_provider_wfintel.engine.catalog.failures import failure_classes
from airflow_provider_wfintel.engine.troubleshooting import service
from tests.evals.scoring import SHARED, read_lines
from tests.evals.troubleshooting.scores_failures import CASES
from tests.evals.troubleshooting.scores_faults import CORPUS


def diagnosed() -> Iterator[tuple[str, str, bool, float]]:
    """Set, class, whether it was right, confidence: of the own cases, the provoked faults, and the set beside, if it is there."""
    for case in read_lines(CASES):
        found = service.diagnose(case["text"], case.get("facts"))
        yield "own", found.label, found.label == case["label"], found.confidence
    for item in read_lines(CORPUS):
        text = "\n".join(part for part in (item["log"], item["trigger_log"]) if part)
        found = service.diagnose(text, item["facts"])
        yield "provoked", found.label, found.label in item["labels"], found.confidence
    beside = SHARED / "data/failures/dev.jsonl"
    for item in read_lines(beside) if beside.is_file() else ():
        found = service.diagnose(item["text"])
        yield "dev", found.label, found.label == item["label"], found.confidence


def main() -> None:
    """Print one line for each class."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="least", type=float, default=0.85)
    parser.add_argument("--under", type=float, default=0.95)
    arguments = parser.parse_args()
    counts: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for name, label, right, confidence in diagnosed():
        if confidence >= arguments.least:
            counts[label][name][0] += right
            counts[label][name][1] += 1
    for label, known in sorted(failure_classes().items()):
        if known.certainty < arguments.under:
            parts = [f"{name} {right} of {all_}" for name, (right, all_) in sorted(counts[label].items())]
            print(f"{label:<26} certainty {known.certainty:.2f}: {', '.join(parts) or 'none'}")


if __name__ == "__main__":
    main()
