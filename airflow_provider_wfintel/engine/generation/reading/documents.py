"""Documents: descriptions in the form of a docstring or a README, where prose tells of the DAG and a list holds its work.

An engineer who asks for work says "load a into b". One who documents it says "This DAG is responsible for …", gives
an overview, and then lists the steps. What only introduces or sums up must not become work a second time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from airflow_provider_wfintel.engine.generation.reading.following import names_below
from airflow_provider_wfintel.engine.generation.reading.headlines import sums_up, task_heads
from airflow_provider_wfintel.engine.generation.reading.insides import insides
from airflow_provider_wfintel.engine.generation.reading.lexicon import opens_with_verb
from airflow_provider_wfintel.engine.generation.reading.names import STEP_NAME
from airflow_provider_wfintel.engine.generation.reading.openers import LABEL, first_word
from airflow_provider_wfintel.engine.generation.reading.paragraphs import Row, rows_of, sentences
from airflow_provider_wfintel.engine.generation.reading.purposes import DESCRIBED, WORK, purposes
from airflow_provider_wfintel.engine.model import Span

__all__ = ["Document", "read_document"]


@dataclass(frozen=True, slots=True)
class Document:
    """What a text in document form holds beside its work.

    Attributes:
        told: words that sum up or speak to whoever operates the DAG; they are listed as not used.
        silent: titles and introductions ("the DAG performs the following steps"), which say nothing of their own.
        names: names of steps in front of them, whose words are no values.
        marks: places whose sign is to be read as another one: rows of a table are items of a list.
    """

    told: tuple[Span, ...] = ()
    silent: tuple[Span, ...] = ()
    marks: tuple[tuple[int, str], ...] = ()
    names: tuple[Span, ...] = ()


_STEPS = r"(?:steps?|tasks?|operations?|stages?|phases?|actions?|activities|workflow|jobs|parts|things)"
# "The DAG performs the following steps:", "it consists of three tasks".
_INTRODUCES = re.compile(
    rf"\W*(?:(?:then|next|overall|specifically|in\s+detail|concretely),?\s+)?{DESCRIBED}\s[^.:]{{0,80}}?\b(?:performs?|consists?\s+of|has|does|executes?|runs?|carries\s+out|includes?|contains?|comprises?|follows|"
    rf"(?:is|are)\s+(?:made\s+up|composed|divided|split|broken|organi[sz]ed|grouped)\b|orchestrates|goes\s+through|involves|implements)\s+[^.:]{{0,50}}?\b{_STEPS}\b[^.:]{{0,90}}[.:]*\s*",
    re.IGNORECASE,
)
# "This DAG orchestrates the nightly build:", above a list of verbs.
_ANNOUNCES = re.compile(
    rf"\W*(?:{DESCRIBED}|(?:(?:an?|the|this|our|airflow|apache|daily|hourly|weekly|main|simple)\s+)*{WORK}\s+(?:that|which|to|for))\s+"
    r"(?:then\s+|also\s+)?(?:orchestrat|automat|manag|runs?\b|implement|handl|execut|coordinat|perform|provid|cover|defin)\w*\s[^.:]{0,140}:\s*",
    re.IGNORECASE,
)
_HEADS_WORK = re.compile(
    rf"\W*(?:(?:the|dag|pipeline|workflow|main|processing|airflow|task|key|etl|elt|data)\s+){{0,2}}(?:{_STEPS}|flow|process|features|what\s+(?:it|this\s+\w+)\s+does)"
    r"(?:\s+(?:overview|summary|performed|in\s+order|list|breakdown))?\W*",
    re.IGNORECASE,
)
# "This DAG is responsible for loading …", "It is designed to fetch …": the work begins behind it.
_OPENS = re.compile(
    rf"(?P<opening>{DESCRIBED}\s+(?:(?:is|are)\s+(?:\w+ly\s+)?(?:responsible\s+for|in\s+charge\s+of|(?:designed|used|meant|intended|built|made|there|written)\s+(?:to|for)|an?\s+\w+\s+(?:dag|pipeline|job)\s+(?:to|for|that))|"
    rf"aims?\s+(?:to|at)|serves?\s+to|will|(?:has|uses)\s+an?\s+`?\w*(?:operator|sensor)`?\s+(?:to|that|which))\s+)(?P<verb>[a-z][a-z-]+)",
    re.IGNORECASE,
)
# "(two parallel tasks) use the `XOperator` to …": what an author says of a task, and its verb behind it.
_HAS_OPERATOR = re.compile(
    r"(?P<opening>(?:\b(?:an?|the|one|two|three|four|\d|several|parallel|final|last|first|separate|single)\s+)*(?:\btasks?\s+)?"
    r"\b(?:has|have|uses?)\s+(?:an?|the)\s+`?\w*(?:operators?|sensors?)`?\s+(?:to|that|which)\s+)(?P<verb>[a-z-]+)",
    re.I,
)
# "This DAG runs daily at 4 to find …": the words about the schedule are blanks by now.
_RUNS = re.compile(
    rf"(?P<opening>(?:{DESCRIBED}\s+)?(?:(?:is|gets?)\s+(?:scheduled|triggered|executed|run|started)|runs?|executes?|starts?)(?:\s|\b(?:at|on|the|every|each|in|once|and|automatically|end|beginning|start|of|time|morning|night)\b|[(),])*?"
    r"(?:\bto|\band|\bthen)\s+(?:then\s+|also\s+)?)(?P<verb>[a-z][a-z-]+)",
    re.IGNORECASE,
)
# Sections for whoever sets the DAG up or reads on.
_FOR_PEOPLE = re.compile(
    r"\W*(?:(?:[\w-]+\W+(?:and\s+)?)?troubleshooting|usage|how\s+to\b.*|(?:[\w-]+\s+){0,2}set-?up(?:\s+\w+)?|installation(?:\s+\w+)?|pre-?requisites|references?|useful\s+links|links|licen[cs]e|authors?|"
    r"(?:key\s+)?(?:technologies|tools|libraries)(?:\s+used)?|tech(?:nology)?\s+stack|tools|project\s+structure|contributing|testing|further\s+reading|getting\s+started|contacts?|quick\s+start|"
    r"(?:[\w-]+\s+){0,2}instructions?|running\s+(?:it|the|this)\b.*|deployment|(?:best|good)\s+practices(?:\s+\w+)?|limitations|known\s+(?:issues|limitations)|change\s?log|"
    r"future\s+(?:work|improvements?|plans?)|road\s?map|next\s+steps|to-?dos?|benefits|advantages|why\b.*|success\s+criteria)\W*",
    re.IGNORECASE,
)
_WATCHING = re.compile(r"\W*(?:monitoring|observability|debugging|operations?|maintenance|on-?call)\W*", re.IGNORECASE)
_LOOKS = re.compile(r"(?:check|monitor|view|see|look|review|open|watch|inspect|search)\b", re.IGNORECASE)
# Wherever it stands, this is an alert: "- Failed tasks trigger a Slack notification".
_TELLS_WHOM = re.compile(
    r"\b(?:fail\w*|errors?)\b.*\b(?:triggers?|sends?|sent|notif\w+|alerts?|e-?mails?|pages?|posts?)\b", re.IGNORECASE
)
_ABOUT = re.compile(
    r"\W*(?:dependencies|requirements|pre-?requisites|configuration|notes?|outputs?|inputs?)\s*:?\W*", re.IGNORECASE
)
# "Required parameters:", above a list of names with what each means; other stages read declarations.
_PARAMETERS = re.compile(
    r"\W*(?:[\w-]+\s+){0,4}(?:parameters?|params|arguments|options|variables|connections|conf)\s*:?\W*", re.IGNORECASE
)
_IF = re.compile(r"\b(?:if|when|unless|otherwise|once|after|before)\b", re.IGNORECASE)
_TITLE = re.compile(rf"\W*(?:this|the|our|an?|airflow|apache)\s+(?:[\w-]+\s+){{0,2}}?{WORK}\b", re.IGNORECASE)
_MOST_TITLE_WORDS = 16
_TABLE_OF_WORK = re.compile(r"task|step|stage|operation|job|activity", re.IGNORECASE)
_ORDER = re.compile(
    r"^[ \t]*(?:(?:task|execution|dag|pipeline|data)\s+)?(?:order|flow|sequence|dependencies|pipeline|architecture)\s*:\s*[^\n]*(?:→|->|>>)[^\n]*(?:\n[ \t]*(?:→|->|>>)[^\n]*)*",
    re.IGNORECASE | re.MULTILINE,
)


def read_document(text: str, without: str) -> Document:
    """Find what introduces, sums up or addresses people.

    Args:
        text: the description.
        without: the same with all words about schedule and settings blanked out.
    """
    silent = _openings(without)
    told = purposes(without)
    rows = rows_of(text)
    more, notes, marks = _around(text, rows, _list_of_work(text, rows))
    names = tuple(
        Span(*match.span("label")) for match in STEP_NAME.finditer(text) if opens_with_verb(_word_at(text, match.end()))
    )
    more += [sentences(text, rows[0].span)[0]] if rows and sums_up(text, rows) else []
    more += [named.lines for named in names_below(text)]
    heads, inside = task_heads(text, rows)
    return Document((*told, *notes, *insides(text, rows), *inside), (*silent, *more, *heads), marks, names)


def _openings(without: str) -> list[Span]:
    """Openings of sentences that say no more than that the DAG does what follows."""
    found = []
    for sentence in sentences(without):
        if match := _ORCHESTRATES.match(without, sentence.start):
            found.append(Span(*match.span()))
        for pattern in (_OPENS, _RUNS, _NOUN_OPENS):
            match = pattern.match(without, sentence.start, sentence.end)
            if match is not None and opens_with_verb(match.group("verb")):
                found.append(Span(*match.span("opening")))
                break
    found += [
        Span(*match.span("opening"))
        for match in _HAS_OPERATOR.finditer(without)
        if opens_with_verb(match.group("verb"))
    ]
    return found


# "Airflow DAG that orchestrates the pipeline:", above what is orchestrated.
_ORCHESTRATES = re.compile(
    rf"\W*(?:(?:an?|the|this|our|airflow|apache|daily|hourly|weekly|main|simple)\s+)*{WORK}\s+(?:that|which|to|for)\s+(?:orchestrat|automat|manag|run|implement)\w*\s[^.:\n]{{0,90}}:[ \t]*(?=\n)",
    re.IGNORECASE,
)
# "A maintenance workflow to clean …", "Simple example DAG that creates …".
_NOUN_OPENS = re.compile(
    rf"(?P<opening>(?:(?:an?|simple|example|airflow|apache|daily|hourly|weekly|monthly|nightly|maintenance|new|etl|elt|data|the\s+following)\s+){{0,5}}{WORK}\s+"
    r"(?:that\s+you\s+can\s+\w+\s+(?:in|into|to)\s+airflow\s+)?(?:to|that|which|for)\s+(?:\w+ly\s+)?)(?P<verb>[a-z][a-z-]+)",
    re.IGNORECASE,
)


def _list_of_work(text: str, rows: tuple[Row, ...]) -> range:
    """The rows of the list that an introduction or a heading announces; empty if there is none."""
    for number, row in enumerate(rows):
        last = sentences(text, row.span)[-1:] if row.kind in ("prose", "heading") else ()
        announces = bool(last) and _INTRODUCES.fullmatch(text, last[0].start, last[0].end) is not None
        announces = announces or (bool(last) and _ANNOUNCES.fullmatch(text, last[0].start, last[0].end) is not None)
        announces = announces or (row.kind in ("heading", "item") and _HEADS_WORK.fullmatch(row.words) is not None)
        if not announces:
            continue
        end = number + 1
        while end < len(rows) and _belongs(rows, end, row):
            end += 1
        listed = [item for item in rows[number + 1 : end] if item.kind in ("item", "table") and item.words]
        # What stands deeper tells more of an item.
        least = min((item.indent for item in listed), default=0)
        items = [item for item in listed if item.indent == least]
        if len(items) > 1 and sum(opens_with_verb(first_word(item.words)) for item in items) * 2 >= len(items):
            return range(number, end)
    return range(0)


def _belongs(rows: tuple[Row, ...], number: int, head: Row) -> bool:
    """Whether a row goes on with the list below a head; below an item only what stands deeper does."""
    row = rows[number]
    if head.kind == "item":
        return row.kind == "more" or (row.kind == "item" and row.indent > head.indent)
    return row.kind in ("item", "table", "more") or _heads_items(rows, number)


def _heads_items(rows: tuple[Row, ...], number: int) -> bool:
    """Whether a row is a short heading between the items of one list ("**EXTRACT**")."""
    return (
        rows[number].kind == "heading"
        and rows[number].level == 0
        and not any(other.fullmatch(rows[number].words) for other in (_FOR_PEOPLE, _WATCHING, _ABOUT, _PARAMETERS))
        and rows[number + 1 : number + 2] != ()
        and (rows[number + 1].kind == "item")
    )


def _word_at(text: str, place: int) -> str:
    return text[place : place + 40].split(" ", 1)[0].strip(",.;:")


def _around(
    text: str, rows: tuple[Row, ...], work: range
) -> tuple[list[Span], list[Span], tuple[tuple[int, str], ...]]:
    """Titles and introductions, overviews and notes, and the signs of tables that hold steps."""
    silent, told = _titles(text, rows) if len(rows) > 1 else [], _sections(rows)
    marks: list[tuple[int, str]] = []
    for number, row in enumerate(rows):
        if row.kind == "heading" and work:
            silent.append(row.span)
        elif row.kind == "table":
            holds = not row.ruler and (number in work or _holds_work(rows, number))
            name, signs = _as_item(text, row) if holds else (row.span, [])
            silent.append(name)
            marks += signs
        elif row.kind == "item" and number == work.start and work:
            silent.append(row.span)
        elif row.kind == "item" and number in work:
            told += _asides(text, row)
        elif row.kind == "prose" and number == work.start and work:
            said = sentences(text, row.span)
            silent.append(said[-1])
            told += [span for span in said[:-1] if _describes(text, span)]
        elif row.kind == "prose" and not work:
            told += [span for span in sentences(text, row.span) if _INTRODUCES.fullmatch(text, span.start, span.end)]
            told += _drawn_again(text, rows, number)
        elif row.kind == "prose" and number < work.start:
            told += [span for span in sentences(text, row.span) if _describes(text, span)]
        elif work and row.kind == "prose":
            silent += [Span(*match.span()) for match in _ORDER.finditer(text, row.span.start, row.span.end)]
    told += [*_nouns_below(rows), *_properties(rows)]
    told += _lists_about(rows, work)
    return silent, told, tuple(marks)


def _titles(text: str, rows: tuple[Row, ...]) -> list[Span]:
    """A first line that only names what the next sentence begins to describe."""
    first, second = rows[0], rows[1]
    short = len(first.words.split()) <= _MOST_TITLE_WORDS
    if not short or opens_with_verb(first_word(first.words)) or first.kind == "item":
        return []
    if second.kind == "prose" and _TITLE.match(text, second.span.start, second.span.end):
        return [first.span]
    return []


def _drawn_again(text: str, rows: tuple[Row, ...], number: int) -> list[Span]:
    """Of "Pipeline: a → b": what only draws the work that a paragraph above has told."""
    span = rows[number].span
    told = any(
        opens_with_verb(first_word(row.words)) or _describes(text, row.span) or _WORK_THAT.match(row.words)
        for row in rows[:number]
        if row.kind == "prose"
    )
    return [Span(*match.span()) for match in _ORDER.finditer(text, span.start, span.end)] if told else []


_WORK_THAT = re.compile(rf"(?:[\w-]+\s+){{0,5}}{WORK}\s+(?:that|which|to)\s", re.IGNORECASE)
_IS_DESCRIBED = re.compile(
    rf"\W*(?:(?:description|purpose|summary|overview|goal|objective)\W*:\s*)?{DESCRIBED}\b", re.IGNORECASE
)


def _describes(text: str, span: Span) -> bool:
    return _IS_DESCRIBED.match(text, span.start, span.end) is not None


def _sections(rows: tuple[Row, ...]) -> list[Span]:
    """What stands under headings that address people."""
    told: list[Span] = []
    people = watching = False
    level = 0
    for row in rows:
        if row.kind == "heading":
            if (people or watching) and row.level > level > 0:
                continue
            people, watching = (
                _FOR_PEOPLE.fullmatch(row.words) is not None,
                _WATCHING.fullmatch(row.words) is not None,
            )
            level = row.level
        elif _TELLS_WHOM.search(row.words):
            continue
        elif people or (watching and row.kind in ("item", "prose") and _LOOKS.match(row.words)):
            told.append(row.span)
    return told


def _holds_work(rows: tuple[Row, ...], number: int) -> bool:
    """Whether a row belongs to a table whose head names tasks."""
    head = number
    while head > 0 and rows[head - 1].kind == "table":
        head -= 1
    return _TABLE_OF_WORK.search(rows[head].words.split("|")[0] or rows[head].words) is not None and head != number


def _as_item(text: str, row: Row) -> tuple[Span, list[tuple[int, str]]]:
    """The name in a row of a table, and the signs that make its rest an item: "| `a` | Load … |" reads "• Load …"."""
    bars = [index for index in range(row.span.start, row.span.end) if text[index] == "|"]
    first = bars[1] if len(bars) > 2 else bars[0]
    return Span(row.span.start, first), [*((bar, " ") for bar in bars), (first, "•")]


# "(clean and standardize fields)": how an item is done.
_ASIDE = re.compile(
    r"\((?!\s*(?:then|and|also|after|before|if|only|once|when|via|using|from|to|in)\b)[^()\n`'\"@#\d/]{4,100}\)", re.I
)


def _asides(text: str, row: Row) -> list[Span]:
    """Remarks in brackets behind the verb of an item, with verbs of their own."""
    if not opens_with_verb(first_word(row.words)):
        return []
    found = _ASIDE.finditer(text, row.span.start, row.span.end)
    return [
        Span(*match.span()) for match in found if any(map(opens_with_verb, re.findall(r"[A-Za-z-]+", match.group())))
    ]


def _nouns_below(rows: tuple[Row, ...]) -> list[Span]:
    """Deeper items that are things, most of them without a verb: a word like "join" among them is no work."""
    told: list[Span] = []
    group: list[Row] = []
    for before, row in pairwise((*rows, Row("blank", Span(0, 0), ""))):
        deeper = before.kind == "item" and before.indent > 0
        if deeper:
            group.append(before)
        if group and (row.kind != "item" or row.indent != group[-1].indent):
            led = [item for item in group if opens_with_verb(first_word(item.words))]
            plain = [item for item in led if len(item.words.split()) <= 4 and not re.search(r"[`\"'/#@\d]", item.words)]
            if len(group) > 2 and len(led) * 2 < len(group):
                told += [item.span for item in plain]
            group = []
    return told


# "The connection has:", above a list of what it has.
_HAS = re.compile(r"(?:\w+\s+){1,9}(?:has|have|are|is|include|includes)\s*:", re.IGNORECASE)


def _properties(rows: tuple[Row, ...]) -> list[Span]:
    """Items that only name what something has ("- **Data source**: X"), none of them with a verb."""
    told: list[Span] = []
    for number, row in enumerate(rows):
        if row.kind != "prose" or _HAS.search(row.words[-80:]) is None or not row.words.endswith(":"):
            continue
        end = number + 1
        while end < len(rows) and rows[end].kind in ("item", "more"):
            end += 1
        items = rows[number + 1 : end]
        if items and not any(opens_with_verb(first_word(item.words)) for item in items):
            told += [row.span, *(item.span for item in items)]
    return told


def _lists_about(rows: tuple[Row, ...], work: range) -> list[Span]:
    """Items under "Dependencies:", "Configuration:" and the like, beside the list that holds the work."""
    told: list[Span] = []
    about = parameters = False
    for number, row in enumerate(rows):
        if row.kind in ("heading", "prose"):
            about = bool(work) and _ABOUT.fullmatch(row.words) is not None
            parameters = _PARAMETERS.fullmatch(row.words) is not None
            above_items = number + 1 < len(rows) and rows[number + 1].kind == "item"
            told += [row.span] if parameters and above_items else []
        elif row.kind not in ("item", "more") or number in work:
            continue
        elif (about and not _IF.search(row.words)) or (parameters and (row.kind == "more" or LABEL.match(row.words))):
            told.append(row.span)
    return told
