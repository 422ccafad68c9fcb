"""The bad end of one step: "if the check fails, …", "if she rejects, …" beside the work that goes on when it is good."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.reading.clauses import Clause
from airflow_provider_wfintel.engine.generation.reading.frames import Frame
from airflow_provider_wfintel.engine.generation.reading.guarding import named_step, says_otherwise, says_well
from airflow_provider_wfintel.engine.generation.reading.line import Line
from airflow_provider_wfintel.engine.generation.reading.steps import read_step

__all__ = ["is_bad_end", "notes_good_way"]

_REJECTS = re.compile(
    r"\b(?:reject\w*|declin\w*|refus\w*|den(?:y|ies|ied)|disapprov\w*|say(?:s|ing)?\s+no|said\s+no|turns?\s+(?:it\s+)?down|vetoe?s?|(?:not|n't|no)\s+(?:\w+\s+){0,2}approv\w*|"
    r"(?:not|n't)\s+sign\w*|withh[eo]ld\w*|ablehn\w*|abgelehnt|lehn\w+|verweiger\w*|nicht\s+(?:freigegeben|genehmigt)|refus\w*|rechaz\w*|recus\w*|rejeit\w*)\b",
    re.IGNORECASE,
)
_FAILS = re.compile(
    r"(?P<who>.*?)\b(?:fail(?:s|ed|ing)?|break(?:s|ing)?|broke|errors?(?:\s+out)?|crash(?:es|ed)?|goes\s+wrong|(?:is|are|turns?|comes?\s+(?:back|out))\s+(?:red|negative|bad|invalid|broken)|"
    r"(?:do(?:es)?|did)(?:n't|\s+not)\s+(?:pass|succeed|work|go\s+through|validate)|finds?\s+(?:problems|errors|violations)|"
    r"fehlschlägt|schlägt\s+fehl|scheitert|fehlschlagen|échoue(?:nt)?|ne\s+passe(?:nt)?\s+pas|falla|fallan|no\s+pasa|falha|falham|não\s+passa)\b",
    re.IGNORECASE | re.DOTALL,
)
_ANYTHING = re.compile(
    r"\b(?:any\w*|some\w*|every\w*|all|either|one|of|dag|run|pipeline|workflow|flow|job|task|tasks|step|steps|process|script|still|again|irgend\w*|algo|lauf)\b",
    re.IGNORECASE,
)
_IT = re.compile(r"\W*(?:it|this|that|they|er|sie|es|il|elle|lo|la|ele|ela|)\W*", re.IGNORECASE)
_WORK = frozenset({"notify", "load", "trigger", "delete", "copy", "query", "transform", "extract"})


def _grounds(frame: Frame) -> tuple[Clause, ...]:
    return (*frame.conditions, *frame.temporals)


def notes_good_way(line: Line, frame: Frame) -> None:
    """Keep where the steps stand whose good end a frame speaks of ("if it passes, …"): the bad end starts there too."""
    if line.steps and any(says_well(line, clause) for clause in _grounds(frame)):
        line.good_way = (frame.main.chunk, tuple(line.frontier))


def is_bad_end(line: Line, frame: Frame, following: Frame | None) -> bool:
    """Whether a frame says what is done when one step that the words name ended badly; it is added beside the good way.

    A step that nothing else follows keeps its failure as an alert of the DAG: a task for it would make the run succeed.
    """
    verb, grounds = frame.main.verb, _grounds(frame)
    if not line.steps or len(grounds) != 1 or verb is None or verb.action not in _WORK:
        return False
    if not (line.words.services_in(frame.main.span) or line.words.slots_in(frame.main.span)):
        return False
    after = _after(line, grounds[0])
    if not after or not _goes_on_well(line, after, following):
        return False
    step = read_step(line.words, frame)
    line.add_for_failure(replace(step, trigger_rule="one_failed"), after=after)
    line.failing, line.bad_end = frame.main.span.end, after
    return True


def _after(line: Line, ground: Clause) -> list[int]:
    """The steps whose bad end a condition speaks of."""
    said = line.words.plain(ground.span)
    if _REJECTS.search(said):
        asked = [index for index, step in enumerate(line.steps) if step.action == "approve"]
        return asked[-1:]
    failed = _FAILS.match(said)
    if failed is None or line.words.services_in(ground.span):
        return []
    who = failed.group("who")
    if _IT.fullmatch(who):
        return list(line.good_way[1]) if line.good_way is not None else []
    if _ANYTHING.search(who):
        return []
    found = named_step(line, who)
    return [] if found is None or line.steps[found].action == "wait_for" else [found]


def _goes_on_well(line: Line, after: list[int], following: Frame | None) -> bool:
    """Whether other work follows the same steps when they end well: said before, or by what comes next."""
    if any(set(after) & ups for ups in line.upstream):
        return True
    if following is None:
        return False
    if any(says_well(line, clause) for clause in _grounds(following)):
        return True
    return says_otherwise(line, following)
