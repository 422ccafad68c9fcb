"""Noise: titles, what is not to be done, what a container does inside; none of it is a step."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.reading.actions import action_of
from airflow_provider_wfintel.engine.generation.reading.clauses import Clause
from airflow_provider_wfintel.engine.generation.reading.frames import Frame, Words
from airflow_provider_wfintel.engine.generation.reading.line import Line

__all__ = [
    "CONTAINED",
    "is_empty",
    "is_negated",
    "is_swallowed",
    "is_title",
    "refers_back",
    "takes_back",
]

_SCHEDULE_WORDS = re.compile(
    r"^\W*(?:it|this|the|dag|job|pipeline|workflow|feed|flow|should|shall|will|has|to|be|is|must|runs?|running|scheduled?|started?|starts?|triggered|execut\w+|kick(?:ed)?|off|set\s+up|configured|"
    r"need|we|i|a|an|please|want|every|each|daily|job|das|soll|läuft|le|el|corre|etl|process|use case|task|to|at|on|from|of|manually|only|that|which|by|do|run)\b",
    re.IGNORECASE,
)


_TITLE_NOUN = re.compile(
    r"\b(?:job|dag|pipeline|workflow|refresh|rebuild|sync|report|etl|use case|ingestion|export|load|update|graph|data quality|backup|archive|cleanup|clean-up|check|ingest|import|migration|snapshot|reconciliation|housekeeping)\b",
    re.I,
)


_TICKET = re.compile(r"\W*(?:ticket\s+)?[A-Z][A-Z0-9]+-\d+\W*")


# "OPS-311 Nightly warehouse load": a first line that begins with the number of its ticket.
_NUMBERED_TITLE = re.compile(r"\W*[A-Z][A-Z0-9]+-\d+\W+\w")


# "Steps for the nightly job:": whatever it names, the list below it holds the work.
_HEADS_STEPS = re.compile(
    r"\W*(?:(?:these|here)\s+are\s+)?(?:the\s+|all\s+)?(?:steps|tasks|stages|to-?dos?)\s+(?:for|of|in)\b", re.IGNORECASE
)
_COLON = re.compile(r"[^.;:\n]{0,60}:")


# "Pipeline: churn scores": what the DAG is called.
_NAME_LABEL = re.compile(
    r"\W*(?:pipeline|dag|workflow|job|name|title|project|use case|request|subject|titel|betreff|titre|título|asunto)\W*",
    re.IGNORECASE,
)
_NOUN_PHRASE = re.compile(r"\W*(?:an?|the|our)\s", re.IGNORECASE)


def _names_the_schedule(words: Words, frames: tuple[Frame, ...]) -> bool:
    """Whether the first sentence is a name and, behind a colon, the schedule ("Train and ship: Wednesdays 22:00.")."""
    own = [frame.main for frame in frames if frame.main.chunk == frames[0].main.chunk]
    if len(own) == len(frames) or len(own) > 3:
        return False
    start, end = own[0].span.start, own[-1].span.end
    if any(words.services_in(clause.span) or words.slots_in(clause.span) for clause in own):
        return False
    rest = re.match(r"\s*:\s[^\n]*?(?:\.\s|\.?\n|\.?$)", words.text[end : end + 200])
    short = len(words.text[start:end].split()) <= 6
    if rest is None or not short:
        return False
    said = words.text[end : end + rest.end()].strip(" :.\n")
    return bool(said) and not words.without[end : end + rest.end()].strip(" :.,;\n")


def _opens_a_list(frames: tuple[Frame, ...]) -> bool:
    """Whether the text begins with a list: its first item is work as the others are."""
    return frames[0].main.item > 0 and frames[1].main.item > frames[0].main.item


def is_title(words: Words, frames: tuple[Frame, ...], position: int) -> bool:
    """A short first sentence that only names what the rest describes."""
    frame = frames[position]
    clause = frame.main
    if clause.chunk == frames[0].main.chunk and _names_the_schedule(words, frames):
        return True
    if position != 0 or len(frames) < 2 or frame.conditions or frame.foreach or _opens_a_list(frames):
        return False
    ticketed = _NUMBERED_TITLE.match(clause.span.of(words.text)) and not words.services_in(clause.span)
    if ticketed and frames[1].main.chunk != clause.chunk and frames[1].main.link == "next":
        return True
    if _is_named(words, clause) and frames[1].main.chunk != clause.chunk:
        return True
    if words.slots_in(clause.span):
        return False
    ticket = clause.heading is not None and _TICKET.fullmatch(clause.heading.of(words.text)) is not None
    if ticket and not words.services_in(clause.span):
        return True
    if clause.heading is not None and _NAME_LABEL.fullmatch(clause.heading.of(words.text)):
        return True
    if frames[1].main.link in ("arrow", "then") or frames[1].main.chunk == clause.chunk:
        return False
    if _HEADS_STEPS.match(clause.span.of(words.text)) and _COLON.match(words.text, clause.span.end):
        return True
    uses = {use.service for use in words.services_in(clause.span)}
    later = {use.service for other in frames[1:] for use in words.services_in(other.main.span)}
    plain = clause.span.of(words.text)
    short = len(plain.split()) <= (8 if _NOUN_PHRASE.match(plain) else 6)
    if not any(action_of(words, other.main)[0] != "none" for other in frames[1:]):
        return False
    return (
        short
        and (uses <= later)
        and (bool(_TITLE_NOUN.search(plain)) or (clause.verb is not None and clause.verb.strength < 3))
    )


def _is_named(words: Words, clause: Clause) -> bool:
    """Whether a clause is no more than what something is called (`Data product "trips"`)."""
    slots = words.slots_in(clause.span)
    quoted = len(slots) == 1 and slots[0].kind == "quoted" and slots[0].name == "name"
    return (
        quoted
        and clause.verb is None
        and not words.services_in(clause.span)
        and len(words.plain(clause.span).split()) <= 4
        and words.text[clause.span.end : clause.span.end + 3].lstrip("'\"` :.")[:1] in ("\n", "")
    )


# "starts a container which sends …": what follows is what the image does, not what the DAG does.
CONTAINED = re.compile(
    r"\b(?:docker images?|containers?|images?|scripts?|notebooks?|programs?|binary|jar|flex templates?)\b[^.;]*?\b(?:that|which|to(?!\s+(?:it|them|this|that|the|an?|our)\b)|does the following)\b",
    re.IGNORECASE,
)


def is_swallowed(line: Line, clause: Clause) -> bool:
    """Whether a clause only tells what a container or script does inside."""
    if line.swallow is None:
        return False
    chunk, items = line.swallow
    if clause.chunk == chunk or (items and clause.item):
        return True
    line.swallow = None
    return False


_NOT = re.compile(
    r"(?:\b(?:do not|don't|dont|never|must not|should not|shouldn't|mustn't|no need to|nicht|niemals|ne|no|nunca|jamás|não)\b|不要|(?<!分)别)\W*(?:\w+\s+){0,1}$",
    re.IGNORECASE,
)
# "si no, avisar …": the other way, no ban.
_IF_NOT = re.compile(r"\b(?:if|wenn|falls|si|se|sinon|senão)\s+(?:not|nicht|non|no|não)\W*$", re.IGNORECASE)
_NEGATED = re.compile(
    r"^\W*(?:(?:no|oh|wait|stop|sorry|please|but|and|actually)[\s,!.]+)*(?:do not|don't|dont|never|must not|mustn't|you must not|please don't|no (?:lo |la )?ejecut\w+|não execut\w+|nicht ausführen|ne pas|不要|(?:nobody|no\s+one|none|niemand|personne|nadie|ningu[eé]m)\s+(?:should|must|may|needs?|has|is|darf|soll|doit|debe|deve))\b",
    re.IGNORECASE,
)
_NICHT = re.compile(r"\b(?:nicht|pas)\b", re.IGNORECASE)
_BACK = re.compile(r"\b(?:that|it|this|them|das|es|ça|cela|eso|lo|isso)\b", re.IGNORECASE)


def is_negated(words: Words, clause: Clause) -> bool:
    """Whether a clause says what must not be done ("do not run that", "never drop the table")."""
    if clause.verb is None or clause.verb.action == "branch":
        return False
    if _NEGATED.match(words.without[clause.span.start : clause.span.end]):
        return True
    before = words.without[max(0, clause.verb.span.start - 28) : clause.verb.span.start]
    if _NOT.search(before) and not _IF_NOT.search(before):
        return not re.search(r"[.;:\n]\s*$", before)
    after = words.without[clause.verb.span.end : clause.span.end]
    return (
        words.language in ("de", "fr") and clause.verb.form == "other" and _NICHT.match(after.strip()[:8]) is not None
    )


# "Actually no, forget that, run …": the author takes the last step back before going on.
_TAKEN_BACK = re.compile(
    r"(?:\b(?:actually no|forget (?:that|it|about that)|scratch that|never ?mind|no,? wait|on second thought|strike that|cancel that|doch nicht|vergiss (?:das|es)|en fait non|oubliez? ça|"
    r"mejor no|olvídalo|olvida eso|esquece isso|deixa pra lá)\b|算了)",
    re.IGNORECASE,
)


def takes_back(words: str, start: int) -> bool:
    """Whether the words between two clauses, or the opening of the second one, take the first one back.

    Args:
        words: the text from the end of the last clause to the end of this one.
        start: where this clause starts in it.
    """
    match = _TAKEN_BACK.search(words)
    return match is not None and match.start() <= start + 12


def refers_back(plain: str) -> bool:
    """Whether a negated clause speaks of what was just said."""
    return bool(_BACK.search(plain))


# "it may take at most 1 hour": without its limit, which is a setting, the sentence says nothing.
_ONLY_LASTS = re.compile(
    r"\W*(?:and\s+|but\s+)?(?:it|this|that|they|each|(?:the|this|that|each|every)\s+(?:step|task|job|run|query|load|export))\s+"
    r"(?:(?:may|must|should|can|could|will|shall|is\s+allowed\s+to)\s+)?(?:not\s+|never\s+)?(?:takes?|lasts?|runs?|needs?)\s*(?:for)?\W*|"
    r"\W*(?:please\s+)?(?:set|put|give|add|apply|use|allow)\s+(?:(?:it|this|that|them)\s+)?(?:an?\s+|the\s+)?"
    r"(?:(?:on|for|to)\s+(?:it|this|that|them|(?:the|this|that|each|every)\s+(?:one|step|task|job|query)))?\W*",
    re.IGNORECASE,
)


_ONE_WORD = re.compile(r"[^\W\d_]+")
# "Trigger: Thursdays 03:00": what is left of a line that gives the schedule.
_SCHEDULE_LABEL = re.compile(
    r"\W*(?:triggers?|triggered|start|schedule|launch|cadence|frequency|timing|auslöser|takt|déclenchement|déclencheur|disparador|frecuencia|disparo|gatilho)\W*",
    re.IGNORECASE,
)


def is_empty(words: Words, clause: Clause, plain: str) -> bool:
    """Whether a clause says nothing beyond schedule and settings ("it runs", "scheduled")."""
    if words.services_in(clause.span) or words.slots_in(clause.span):
        return False
    if _SCHEDULE_LABEL.fullmatch(plain) and words.text[clause.span.end : clause.span.end + 1] == ":":
        return True
    if (
        clause.verb is not None
        and _ONE_WORD.fullmatch(plain.strip())
        and words.text[clause.span.end : clause.span.end + 2] in (": ", ":\n")
    ):
        return True  # "extract: for each supplier …": a label
    if _ONLY_LASTS.fullmatch(plain):
        return True
    if clause.verb is not None and clause.verb.form == "third" and clause.verb.span == clause.span:
        return True  # "Parallelism: 10 stores": what is left of a setting
    rest = plain
    while True:
        match = _SCHEDULE_WORDS.match(rest)
        if match is None:
            break
        rest = rest[match.end() :]
    return not any(letter.isalpha() for letter in rest)
