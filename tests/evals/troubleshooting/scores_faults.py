"""Root causes of faults that were provoked in a real Airflow: `tests/e2e/faults` makes the corpus, this scores it offline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.app.diagnose import diagnosis_to_dict
from airflow_provider_wfintel.engine.troubleshooting import service
from tests.evals.scoring import ROOT, Score, proportion, read_lines

CORPUS = ROOT / "tests/e2e/faults/corpus/faults.jsonl"
TOOLS = ROOT / "tests/e2e/faults/corpus/tools.jsonl"
SPARK = ROOT / "tests/e2e/faults/corpus/spark.jsonl"


def scores() -> Iterator[Score]:
    """The class, its neighbours and its evidence, with the facts beside the log and without."""
    items = read_lines(CORPUS)
    answers = [_diagnose(item, item["facts"]) for item in items]
    pairs = list(zip(items, answers, strict=True))
    right = [answer["label"] == item["labels"][0] for item, answer in pairs]
    yield proportion("provoked faults, top-1", sum(right), len(items), 0.95)
    yield proportion(
        "provoked faults, top-1 or another true class",
        sum(answer["label"] in item["labels"] for item, answer in pairs),
        len(items),
        0.97,
    )
    top3 = sum(item["labels"][0] in answer["ranked"][:3] for item, answer in pairs)
    yield proportion("provoked faults, top-3", top3, len(items), 0.97)
    yield proportion("provoked faults, evidence", sum(_shows(*pair) for pair in pairs), len(items), 0.93)
    sure = [
        hit for hit, answer in zip(right, answers, strict=True) if answer["confidence"] >= service.ACTING_CONFIDENCE
    ]
    yield proportion("provoked faults, precision where to act", sum(sure), len(sure), 0.97)
    silent = [item for item in items if not item["log"]]
    known = sum(_diagnose(item, item["facts"])["label"] == item["labels"][0] for item in silent)
    yield proportion("provoked faults without a log, top-1", known, len(silent), 1.0)
    yield from _tools("dbt", TOOLS, 0.85, 0.95)
    yield from _tools("Spark", SPARK, 0.75, 0.85)


def _tools(name: str, corpus: Path, floor: float, floor_also: float) -> Iterator[Score]:
    """What a tool printed when it failed, as it printed it (`tests/e2e/faults/tools.py`, `spark.py`)."""
    items = read_lines(corpus)
    answers = [diagnosis_to_dict(service.diagnose(item["log"])) for item in items]
    pairs = list(zip(items, answers, strict=True))
    right = sum(answer["label"] == item["labels"][0] for item, answer in pairs)
    yield proportion(f"provoked faults of {name}, top-1", right, len(items), floor)
    also = sum(answer["label"] in item["labels"] for item, answer in pairs)
    yield proportion(f"provoked faults of {name}, top-1 or another true class", also, len(items), floor_also)


def _diagnose(item: Mapping[str, Any], facts: Mapping[str, Any] | None) -> dict[str, Any]:
    text = "\n".join(part for part in (item["log"], item["trigger_log"]) if part)
    return diagnosis_to_dict(service.diagnose(text, facts))


def _shows(item: Mapping[str, Any], answer: Mapping[str, Any]) -> bool:
    """Whether a piece of evidence holds the words that prove the fault, or is a good part of them."""

    def plain(text: str) -> str:
        return " ".join(text.replace('\\"', '"').split()).lower()

    wanted = plain(item["shown"] or item["evidence"])
    return any(wanted in found or (len(found) >= 12 and found in wanted) for found in map(plain, answer["evidence"]))
