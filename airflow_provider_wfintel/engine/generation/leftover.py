"""What a step says and its task does not do: values and restrictions that no operator argument carries.

An operator has no argument for every wish ("only rows with status failed", "10 executors"). Such words must not
vanish: each is listed as unused, warned of, and written as a note on its task, so that a reader of the file sees it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.reading.frames import Words
from airflow_provider_wfintel.engine.generation.reading.labels import find_labels
from airflow_provider_wfintel.engine.model import Span, TaskSpec, WorkflowSpec, to_json

__all__ = ["find_leftovers"]

# A number or a quoted word: words that somebody wrote because they matter. Not the numbers inside paths and names.
_QUOTED = re.compile(r"`([^`]{1,4000})`|\"([^\"\n]{1,200})\"|“([^”\n]{1,200})”")
_NUMBER = re.compile(
    r"(?<![\w./:#=-])(?<!\bstep )(?<!\bsteps )(?<!\bpart )(?<!\btask )\d+(?:[.,]\d+)?"
    r"(?![\w]*[/:@=-]|\.\w|\.?\)|\s*(?:h|uhr|am|pm)\b)",
    re.IGNORECASE,
)
# "--full" and "schema=mart": what a program is told.
_FLAG = re.compile(r"(?<!\S)--[a-z][\w-]+|(?<![\w/?&.])[A-Za-z_]\w*=[\w./:-]*\w")
# What a check or a wait does anyway.
_DEFAULT = re.compile(
    r"(?:answers?|returns?|status|code)\s+(?:with\s+)?200$|\b(?:more than 0|at least (?:1|one))\b", re.IGNORECASE
)
# A condition of the whole step: it became a guard, or is listed by the stage that reads guards.
_CONDITION = re.compile(r"\b(?:if|when|unless)\b", re.IGNORECASE)
# "?date=<date>": what is to be put in there only a person can say.
_HOLE = re.compile(r"<[A-Za-z]\w{0,30}>")
# "/orders?page={page}": filled in for each item.
_PLACEHOLDER = re.compile(r"\{{1,2}[^{}\n]{1,60}\}{1,2}|<\w{1,60}>")
_LIST = re.compile(r"\[[^\[\]\n]{1,400}\]")
_LASTING = re.compile(
    r"(?P<n>\d+(?:\.\d+)?)[\s-]*(?P<unit>seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?)\b",
    re.IGNORECASE,
)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DAYS = {"w": 7, "mo": 30, "y": 365}
_NUMBERED = re.compile(r"(?:^|[;.:)])\s*[(#]?$|\n\s*(?:[-*]\s*)?[(#]?$")
# Words that narrow what is done. What follows them, up to the end of the phrase, must be somewhere in the task.
_RESTRICTION = re.compile(
    r"\b(?:only(?!\s+(?:post|send|write|log|tell|notify|mail|warn|by|once|when|if|after|then|at|one|manually|on\s+(?:demand|request))\b)|where|whose|except|excluding|exclude|without|ignor(?:e|ing)|skip(?:ping)?(?!\s+(?:the\s+rest|this|it|everything|all\b))|"
    r"(?:older|newer|larger|smaller|bigger|more|less|fewer|greater|higher|lower)\s+than|at\s+(?:least|most)|"
    r"no\s+more\s+than|(?:partitioned|clustered|sorted|ordered|grouped|deduplicated)\s+by|since(?=\s+(?:the\s+last|yesterday|last))|"
    r"with\s+(?:the\s+|an?\s+|its\s+)?(?:\w+\s+){1,4}as\s+(?:the\s+|an?\s+|its\s+)?(?:payload|arguments?|body|input|parameters?)|"
    r"as\s+(?:an?\s+|the\s+)?(?:\w+\s+)?attachments?|as\s+(?:gzip\w*\s+|compressed\s+)?(?:parquet|avro|orc|csv|ndjson|json|xml|excel)|(?:new|changed|modified|updated)\s+(?:rows|records|entries)|(?:starting|beginning|ending)\s+(?:with|in)|matching|no\s+nulls?)\b",
    re.IGNORECASE,
)
_HANDED = re.compile(r"with\b.*\bas\b", re.IGNORECASE)
_PHRASE_END = re.compile(
    r"[,;:()\n]|[.!?](?:\s|$)|\s{3}|\s(?:–|-|and|or|then|into|to|from|in|on|at|for|by|as)\s", re.IGNORECASE
)
_RESTRICTION_END = re.compile(r"[,;:()\n]|[.!?](?:\s|$)|\s{3}|\s(?:–|-|and|or|then|into|to|from)\s", re.IGNORECASE)
_PHRASE_START = re.compile(r"[,;(\n]\s*|[.:]\s+|\b(?:and|or|then|with|into|to|from|for|of)\s+", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z][\w-]{2,}")
_EMPTY_WORDS = frozenset(
    {
        "only",
        "where",
        "whose",
        "except",
        "excluding",
        "exclude",
        "without",
        "unless",
        "ignore",
        "ignoring",
        "skip",
        "skipping",
        "older",
        "newer",
        "larger",
        "smaller",
        "bigger",
        "more",
        "less",
        "fewer",
        "greater",
        "higher",
        "lower",
        "than",
        "least",
        "most",
        "starting",
        "beginning",
        "ending",
        "with",
        "matching",
        "that",
        "have",
        "has",
        "are",
        "were",
        "the",
        "and",
        "for",
        "not",
        "any",
        "all",
        "its",
        "their",
        "this",
        "these",
        "those",
        "new",
        "rows",
        "row",
        "files",
        "file",
        "records",
        "record",
        "data",
        "tables",
        "table",
        "when",
        "they",
        "been",
        "one",
        "ones",
        "per",
        "each",
        "from",
        "into",
        "null",
        "nulls",
        "there",
    }
)


def find_leftovers(spec: WorkflowSpec, words: Words, said: tuple[Span, ...]) -> dict[str, list[Span]]:
    """The stated values and restrictions that nothing carries, by the task that they belong to (empty: to none).

    `said` are the words that were understood or listed elsewhere: alerts, and what is unused already.
    """
    left: dict[str, list[Span]] = {}
    texts = _Texts(spec)
    named = {item.span: item.value for item in words.entities}
    labels = {item.name for item in find_labels(words.text)}
    for span in _phrases(words):
        if any(item.start < span.end <= item.end for item in said):
            continue
        if span in named and named[span].lower() in labels:
            continue  # A name that the text gives a step, to order it by.
        owners = [task for task in spec.tasks if any(_overlap(item, span) for item in task.evidence)]
        # What a check demands may be carried out by the gate behind it.
        doer = owners[-1].task_id if owners else ""
        names = {task.task_id for task in owners}
        below = {edge.downstream for edge in spec.dependencies if edge.upstream in names}
        owners += [task for task in spec.tasks if task.task_id in below and task.action == "branch"]
        if any(task.operator.recipe == "python_step" for task in owners):
            continue  # Its code is to be filled in; it holds the whole sentence.
        phrase = span.of(words.text)
        if _HANDED.match(phrase) and any(task.mapping is not None for task in owners):
            continue  # The item of a repetition is what is handed on.
        if _DEFAULT.search(words.text[max(0, span.start - 20) : span.end]):
            continue
        quoted = _QUOTED.fullmatch(phrase.strip()) is not None or span in named
        carried = texts.carried_by(() if quoted else owners)
        owners_repeat = any(task.mapping is not None for task in owners)
        hole = (_HOLE.search(named[span]) or _HOLE.match(words.text, span.end)) if span in named else None
        if hole is not None and not owners_repeat and hole.group() not in carried:
            left.setdefault(doer, []).append(span)
            continue
        done = _has_parts(named[span].lower(), carried) if span in named else _is_carried(phrase, carried)
        if not done:
            left.setdefault(doer, []).append(span)
    return left


def _overlap(first: Span, second: Span) -> bool:
    return first.start < second.end and second.start < first.end


class _Texts:
    """What a spec says as values, in lower case. Each task is written once: every value asks for all of them."""

    def __init__(self, spec: WorkflowSpec) -> None:
        self._tasks = {
            task.task_id: _text(replace(task, label="", note="", evidence=(), task_id="x", confidence=1.0)).lower()
            for task in spec.tasks
        }
        bare = replace(spec, tasks=(), dependencies=(), doc="", description="", dag_id="x", start_date="", params=())
        self._dag = _text(bare).lower()

    def carried_by(self, owners: Sequence[TaskSpec]) -> str:
        """The values of the tasks behind the words (none: of all), and of the DAG as a whole."""
        tasks = [self._tasks[task.task_id] for task in owners] or list(self._tasks.values())
        return " ".join((*tasks, self._dag))


# The names of fields and arguments say nothing of what the text states.
_KEY = re.compile(r'(?<!\\)"\w+": ')


def _text(value: object) -> str:
    values = _KEY.sub(" ", json.dumps(to_json(value), ensure_ascii=False))
    return values.replace("\\n", " ").replace("\\", "")


def _phrases(words: Words) -> Iterator[Span]:
    """Restrictions and values that the text states, in its order, none inside another."""
    text = words.without
    found = [Span(item.start(), item.end()) for item in _QUOTED.finditer(text)]
    found += [item.span for item in words.entities if item.span.of(text).strip()]
    found += [Span(item.start(), item.end()) for item in _FLAG.finditer(text)]
    for item in _RESTRICTION.finditer(text):
        found.append(Span(item.start(), _end_of_phrase(text, item.end(), _RESTRICTION_END)))
    listed = [Span(item.start(), item.end()) for item in _LIST.finditer(text)]
    for item in _NUMBER.finditer(text):
        if any(_overlap(Span(item.start(), item.end()), span) for span in listed):
            continue  # What a step is repeated for.
        if not _NUMBERED.search(text[max(0, item.start() - 40) : item.start()]):
            found.append(Span(_start_of_phrase(text, item.start()), _end_of_phrase(text, item.end(), _PHRASE_END)))
    end = 0
    for span in sorted(found, key=lambda item: (item.start, -item.end)):
        if span.start >= end:
            end = span.end
            yield span


def _start_of_phrase(text: str, position: int) -> int:
    before = list(_PHRASE_START.finditer(text, max(0, position - 60), position))
    return before[-1].end() if before else max(0, text.rfind(" ", 0, position) + 1)


def _end_of_phrase(text: str, position: int, end: re.Pattern[str]) -> int:
    stop = end.search(text, position)
    return position + len(text[position : stop.start() if stop else len(text)].rstrip())


def _is_carried(phrase: str, carried: str) -> bool:
    """Whether all values of the phrase stand in the spec; if it has none, whether all its content words do."""
    values = [next(filter(None, item.groups())) for item in _QUOTED.finditer(phrase)]
    values += _NUMBER.findall(phrase)
    values += (part for item in _FLAG.findall(phrase) for part in item.split("="))
    lasting = {
        item.group("n"): _counted(float(item.group("n")), item.group("unit").lower())
        for item in _LASTING.finditer(phrase)
    }
    if values:
        # Times are carried as seconds, ages as days.
        return all(
            _stands_in(value.lower().strip(), carried) or (value in lasting and _stands_in(lasting[value], carried))
            for value in values
        )
    content = [item for item in _WORD.findall(phrase.lower()) if item not in _EMPTY_WORDS]
    return _CONDITION.search(phrase) is not None or all(item in carried for item in content)


def _counted(number: float, unit: str) -> str:
    """A time as the tasks hold it: in seconds, in days from a week on."""
    size = _DAYS.get(unit[:1]) or _DAYS.get(unit[:2]) or _SECONDS[unit[0]]
    return f"{number * size:g}"


def _has_parts(name: str, carried: str) -> bool:
    """Whether a name stands in the spec, or all of its parts do: bucket and key of an address, items of a list.

    The host of a web address is left out: it goes into the connection, which is an assumption of its own.
    """
    if _stands_in(name, carried):
        return True
    name = _PLACEHOLDER.sub(" ", re.sub(r"^https?://[^/\s]+", "", name))
    parts = [part for part in re.split(r"[^\w.@*+-]+", re.sub(r"^\w+://", "", name)) if part.strip(".-*")]
    return all(_stands_in(part.strip("."), carried) for part in parts)


def _stands_in(value: str, carried: str) -> bool:
    """Whether a value stands in the spec, as a whole or, if it is a dotted name, in its parts."""
    pieces = [" ".join(item.split()) for item in _PLACEHOLDER.split(value)]
    found = all(re.search(rf"(?<!\w){re.escape(item)}(?<!\d(?=\d))", carried) for item in pieces if item)
    parts = value.split(".")
    dotted = len(parts) in (2, 3) and all(re.fullmatch(r"[a-z_]\w*", part) for part in parts)
    return found or (dotted and all(re.search(rf"(?<!\w){part}(?!\w)", carried) for part in parts))
