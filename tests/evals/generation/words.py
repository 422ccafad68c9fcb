"""Whether words that a DAG does not carry are told: sentences with one planted clause, and clear requests.

A planted clause stands in double brackets in `planted.jsonl`. It is told if most of its words lie in what the answer
lists as unused, in a warning or question that quotes no whole step, or in a step whose code is to be filled in; it is
carried if the values of the spec hold it. A sentence without its clause is a clear request, and so are the cases of
the own set that ask for no questions.

    python -m tests.evals.generation.words [--errors] [--clear] [--only-hold]
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.engine.generation.accounting.small_words import small_words
from airflow_provider_wfintel.engine.generation.reading.lexicon import language_of
from airflow_provider_wfintel.engine.generation.service import generate
from airflow_provider_wfintel.engine.model import Caution, Generation, Question, Span, to_json

__all__ = ["PLANTED", "Planted", "account", "clear_texts", "read_planted", "score_words"]

PLANTED = Path(__file__).with_name("planted.jsonl")
_MARKED = re.compile(r"\[\[(.+?)\]\]", re.DOTALL)
_QUOTES = re.compile(r"'((?:[^'\\]|\\.)+)'|\"([^\"]+)\"")
# A planted clause is told if this share of the letters of its words is.
_ENOUGH = 0.5


@dataclass(frozen=True)
class Planted:
    """One sentence: its id, the whole text, where the planted clause stands, and the text without it."""

    id: str
    kind: str
    hold: bool
    text: str
    span: Span
    clear: str


def read_planted(path: Path = PLANTED) -> list[Planted]:
    """All sentences with their planted clause."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        marked = _MARKED.search(item["text"])
        assert marked is not None, item["id"]
        start, words = marked.start(), marked.group(1)
        text = item["text"][:start] + words + item["text"][marked.end() :]
        rest = item["text"][:start] + item["text"][marked.end() :]
        found.append(Planted(item["id"], item["kind"], item["hold"], text, Span(start, start + len(words)), rest))
    return found


def _words(text: str, span: Span) -> list[Span]:
    small = small_words(language_of(text))
    return [
        Span(span.start + item.start(), span.start + item.end())
        for item in re.finditer(r"[^\W\d_][\w'-]*", span.of(text))
        if len(item.group()) > 2 and item.group().lower() not in small
    ]


def told_spans(answer: Generation) -> list[Span]:
    """Where the answer says that words are not (yet) carried."""
    text = answer.text
    found = list(answer.unused)
    # A step whose code is to be filled in fails until a person has read the words that the file quotes.
    found += [span for task in answer.spec.tasks if task.operator.recipe == "python_step" for span in task.evidence]
    whole = {" ".join(span.of(text).split()) for task in answer.spec.tasks for span in task.evidence}
    evidence = {span for task in answer.spec.tasks for span in task.evidence}
    said: tuple[Caution | Question, ...] = (*answer.warnings, *answer.clarifications)
    for item in said:
        if item.span is not None and item.span not in evidence:
            found.append(item.span)
        for single, double in _QUOTES.findall(item.text):
            words = (single or double).replace("\\'", "'").replace("\\n", "\n")
            if " ".join(words.split()) in whole:
                continue  # a question about one value quotes the whole step; that tells nothing about its other words
            pattern = r"\s+".join(map(re.escape, words.split()))
            found += [Span(*match.span()) for match in re.finditer(pattern, text)]
    return found


def _values(answer: Generation) -> str:
    parts = [task.arguments for task in answer.spec.tasks if task.operator.recipe != "python_step"]
    return json.dumps([to_json(item) for item in parts], ensure_ascii=False).lower()


def account(item: Planted, answer: Generation) -> str:
    """What became of a planted clause: `told`, `carried` or `lost`."""
    words = _words(item.text, item.span)
    told = told_spans(answer)
    share = sum(
        word.end - word.start
        for word in words
        if any(span.start <= word.start and word.end <= span.end for span in told)
    ) / sum(word.end - word.start for word in words)
    if share >= _ENOUGH:
        return "told"
    values = _values(answer)
    return "carried" if all(word.of(item.text).lower() in values for word in words) else "lost"


def clear_texts(cases: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Ids and texts of the cases from which nothing is to be asked."""
    skip = {"hostile", "underspecified", "contradiction", "background", "passing"}
    return [
        (case["id"], case["text"])
        for case in cases
        if not case["expect"].get("questions") and not skip & set(case["tags"])
    ]


def score_words(items: Iterable[Planted]) -> dict[str, str]:
    """What became of each planted clause, by id."""
    return {item.id: account(item, generate(item.text)) for item in items}


def main() -> None:
    """Print how many planted clauses are told, and how many phrases are told on clear requests."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--errors", action="store_true", help="print the sentences whose clause is lost")
    parser.add_argument("--clear", action="store_true", help="print what is told on clear requests")
    parser.add_argument("--hold", action="store_true", help="print errors of the held out sentences too")
    arguments = parser.parse_args()
    items = read_planted()
    results = score_words(items)
    for name, group in (
        ("steering", [item for item in items if not item.hold]),
        ("held out", [item for item in items if item.hold]),
    ):
        good = sum(results[item.id] != "lost" for item in group)
        told = sum(results[item.id] == "told" for item in group)
        sys.stdout.write(f"{name:<10} accounted for {good}/{len(group)} = {good / len(group):.3f} (told {told})\n")
    if arguments.errors:
        for item in items:
            if results[item.id] == "lost" and (arguments.hold or not item.hold):
                sys.stdout.write(f"{item.id} {item.kind}: {item.span.of(item.text)!r} in {item.text!r}\n")
    from tests.evals.generation.score import read_cases

    texts = clear_texts(read_cases())
    phrases = 0
    for case_id, text in texts:
        answer = generate(text)
        phrases += len(answer.unused)
        if arguments.clear:
            for span in answer.unused:
                sys.stdout.write(f"  {case_id}: {span.of(answer.text)!r}\n")
    sys.stdout.write(f"clear requests: {len(texts)}, phrases told {phrases}, mean {phrases / len(texts):.2f}\n")


if __name__ == "__main__":
    main()
