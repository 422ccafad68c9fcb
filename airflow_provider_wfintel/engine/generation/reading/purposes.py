"""Purposes: what the work is good for, when it runs and why, whose data it takes; none of it is work of its own."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.reading.lexicon import opens_with_verb
from airflow_provider_wfintel.engine.generation.reading.paragraphs import sentences
from airflow_provider_wfintel.engine.model import Span

__all__ = ["DESCRIBED", "WORK", "purposes"]

WORK = r"(?:dags?|pipelines?|workflows?|jobs?|process|data\s?flow|etl|elt|project|script|module)"
DESCRIBED = (
    rf"(?:(?:(?:this|the|our|each|an?)\s+)(?:[\w/-]+\s+){{0,3}}?{WORK}(?:\s+run)?|(?:apache\s+)?airflow(?:\s+dag)?|"
    rf"(?:the\s+)?`[\w.-]+`(?:\s+{WORK})?|it|this)"
)
"""What a document calls the DAG it speaks of."""
# ", ensuring the team has fresh data": what the work is good for, unless it names what can be checked.
_SO_THAT = re.compile(
    r",\s*(?:thereby\s+|thus\s+|hence\s+)?(?:ensuring|allowing|enabling|helping|guaranteeing|simulating|providing|giving|making\s+it)\b[^.;\n]*|"
    r"(?:,\s*)?\band\s+ensures\b[^.;\n]*\b(?:efficiently|reliably|consistently|smoothly|properly|seamlessly)\b[^.;\n]*",
    re.IGNORECASE,
)
_CHECKABLE = re.compile(r"\d|\b(?:null|nulls|duplicates?|rows?|counts?|unique|columns?|schema|empty|keys?)\b", re.I)
# "so this DAG is scheduled an hour later": why it runs when it runs, which other stages have read.
_WHY_THEN = re.compile(
    rf"\b(?:so|which\s+is\s+why|therefore)\s+(?:this|the|our)\s+{WORK}\s+(?:is\s+scheduled|is\s+run|runs|starts)\b",
    re.IGNORECASE,
)
# "and will process the data for the previous day": of which time the data are, no step of its own.
_OF_WHICH_DAY = re.compile(
    rf"(?:{DESCRIBED}\s+|\band\s+)?(?:will\s+)?\bprocess(?:es|ing)?\s+(?:the\s+|all\s+)?(?:data|records|events|logs)\s+(?:for|of|from)\s+(?:the\s+)?(?:previous|last|prior|preceding|same)\s+(?:calendar\s+)?"
    r"(?:days?|hours?|weeks?|months?|runs?|interval)(?=\s*(?:[.;\n]|$))",
    re.IGNORECASE,
)
# "stops the server after execution": behind the step before, where it stands anyway.
_AFTERWARDS = re.compile(
    r"(?<=\w )(?:after|upon|following)\s+(?:its\s+|the\s+)?(?:execution|completion)(?=\s*(?:[,.;\n]|$))", re.IGNORECASE
)
_NEEDED_FOR = re.compile(r"\b(?:needed|required|necessary)\s+for\s+\w+ing\b[^.;\n]*", re.IGNORECASE)
# "pulls the raw data (reads the file …)": how the verb before the bracket is done.
_IN_BRACKETS = re.compile(r"(?<=\w )\((?P<verb>[a-z]+s) [a-z][^()\n`'\"@#]{4,100}\)")


def purposes(without: str) -> list[Span]:
    """The spans of a text, words about schedule and settings blanked out, that no task does."""
    found = [Span(*match.span()) for match in _SO_THAT.finditer(without) if _CHECKABLE.search(match.group()) is None]
    found += [
        Span(*match.span())
        for match in (*_OF_WHICH_DAY.finditer(without), *_NEEDED_FOR.finditer(without), *_AFTERWARDS.finditer(without))
    ]
    found += [span for span in sentences(without) if _WHY_THEN.search(without, span.start, span.end)]
    found += [Span(*match.span()) for match in _IN_BRACKETS.finditer(without) if opens_with_verb(match.group("verb"))]
    return found
