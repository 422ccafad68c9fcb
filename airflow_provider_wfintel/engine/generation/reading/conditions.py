"""What a clause says about failure, emptiness and comparison: the grounds for alerts, guards and branches."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from airflow_provider_wfintel.engine.generation.reading.slots import Slot
from airflow_provider_wfintel.engine.model import Span

__all__ = [
    "Guard",
    "GuardKind",
    "alert_event",
    "day_conditions",
    "extra_days",
    "is_consequence_nothing",
    "read_guard",
    "speaks_of_both_ends",
]

GuardKind: TypeAlias = Literal["not_empty", "differs", "holiday", "threshold", "equals", "day", "exists", "custom"]

_FAILURE = re.compile(
    r"\b(?:fail\w*|error\w*|broken|breaks?|crash\w*|goes wrong|went wrong|unsuccessful\w*|does(?:n't| not) (?:succeed|work|pass)|"
    r"fehl(?!erhaft)\w*|scheiter\w*|schief\w*|échec\w*|échou\w*|erreur\w*|falla\w*|fallo\w*|fall[oó]|error(?:es)?|falh\w*|erro(?:s)?)\b|失败|出错|异常|报错",
    re.IGNORECASE,
)
_SUCCESS = re.compile(
    r"\b(?:on success|upon success|after success|if (?:it |everything |all )?(?:succeeds?|successful|goes well|went well)|when (?:it |everything |all )?succeeds|"
    r"bei erfolg|en cas de succès|si (?:todo|tout) (?:sale|va|se passe) bien|em caso de sucesso)\b|成功后",
    re.IGNORECASE,
)
_RETRY = re.compile(
    r"\b(?:on (?:every |each |any |a )?retry|on retries|(?:when|if|whenever) (?:it|a task|any task|the job) (?:retries|is retried|has to be retried|is tried again)|(?:it|task|job) (?:is retried|retries)|upon retry|"
    r"each retry|every retry|bei (?:jeder )?wiederholung)\b",
    re.IGNORECASE,
)
_DEADLINE = re.compile(
    r"\b(?:late|overdue|deadline alerts?|missed (?:the |a |its )?(?:deadline|sla)|not (?:finished|done|ready|complete\w*) by|misses? (?:the |its )?(?:deadline|sla)|deadline is missed|takes? (?:longer|more) than|"
    r"runs? longer than|exceeds? (?:the )?(?:sla|deadline)|(?:deadline|sla|lateness) (?:alerts?|miss\w*|violation\w*|breach\w*|notifications?|warnings?)|verspät\w*|en retard|con retraso|atrasad\w*)\b",
    re.IGNORECASE,
)
_EMPTY = re.compile(
    r"\b(?:zero|no|0|none|empty|nothing|without|missing|aren't any|isn't any|not any|there (?:is|are) no\w*|keine?\w*|leer|nichts|aucune?|vide|rien|"
    r"ning[uú]n\w*|no hay|vac[ií][oa]s?|nada|nenhum\w*|não h[aá]|vazi[oa]s?)\b|没有|为空|无新|零",
    re.IGNORECASE,
)
_SOME = re.compile(
    r"(?:\b(?:there (?:is|are)|has|have|contains?|finds?|found|exist\w*|any|at least one|more than (?:0|zero)|new|non-empty|greater than (?:0|zero)|not empty)\b|> ?0|>= ?1|!= ?0)",
    re.IGNORECASE,
)
# "not empty", "more than zero": some, though the words hold one that means none.
_SURELY_SOME = re.compile(
    r"\bat least one\b|\b(?:more|greater) than (?:0|zero)\b|\b(?:not|n't|non|no[nt]?)[ -](?:empty|zero|none|missing|leer|vide|vac[ií]\w+|vazi\w+)\b|"
    r"(?:>|!=) ?0|>= ?1",
    re.IGNORECASE,
)
_DIFFERENCE = re.compile(
    r"\b(?:differ\w*|disagree\w*|diverge\w*|mismatch\w*|not equal|unequal|discrepan\w*|don't match|do not match|not the same|deviat\w*|abweich\w*|diferen\w*|diffèren\w*)\b|不一致|差异",
    re.I,
)
_EQUAL = re.compile(r"\b(?:equal|the same|match(?:es)?|identical|gleich|igual\w*|identiques?)\b|一致", re.IGNORECASE)
# "the counts match", "they are equal": two results are compared.
_AGREE = re.compile(
    r"^\W*(?:(?:the|both|two|these|those|all)\s+){0,2}(?:row\s+)?(?:they|counts?|numbers?|totals?|sums?|results?|values?|figures?|sides|both)\s+"
    r"(?:(?:do|are|is|also)\s+)?(?:match|agree|equal|the\s+same|identical|tie\s+out|reconcile)\b(?!\s+(?:to\s+)?[\d`'\"])",
    re.IGNORECASE,
)
_HOLIDAY = re.compile(r"\b(?:holidays?|feiertag\w*|jours? fériés?|festivos?|feriados?)\b|节假日", re.IGNORECASE)
_THRESHOLD = re.compile(
    r"(?:[<>]=?|\b(?:more than|less than|fewer than|(?:greater|better|worse|higher|lower|larger|smaller|bigger|longer|shorter|older|younger) than|above|below|over|under|exceeds?|at least|at most|drops? below|rises? above|größer als|kleiner als|"
    r"mehr als|weniger als|plus de|moins de|más de|menos de|mais de)\b)\s*(?P<n>\d[\d.,]*\s*%?)",
    re.IGNORECASE,
)
_MANY = re.compile(r"\s*(?:thousand|million|billion|k\b|m\b|tausend|mille|mil\b|mill)", re.IGNORECASE)
# "it says 'open'", "the status is `late`": a quoted value, so that it is known where it ends.
_VALUE = re.compile(
    r"\b(?:is|are|says|reads|equals?|returns|gives|shows|ist|est|es|é)\s+(?P<not>not\s+)?(?P<quote>[`'\"])(?P<v>[\w .:-]{1,60})(?P=quote)\W*$|"
    r"(?P<sign>[!=]?=)\s*(?P<quote2>[`'\"])(?P<v2>[\w .:-]{1,60})(?P=quote2)\W*$",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"\W*?(?P<not>not\s+)?(?P<quote>[`'\"])(?P<v>[\w .:-]{1,60})(?P=quote)(?P<sign>)(?P<v2>)\W*", re.IGNORECASE
)
_NOTHING = re.compile(
    r"\b(?:do nothing|nothing (?:to do|happens)|skip\w*|stop(?:\s+(?:there|here|the (?:run|dag|pipeline)))?|end (?:the )?run|bail out|exit|abort|"
    r"überspring\w*|nichts tun|nichts|ne rien faire|ignorer|no hacer nada|omitir|não fazer nada|pular)\b|跳过|什么也不做",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition that lets what follows run or not.

    `positive` tells whether the work goes on when the condition holds. `threshold` is the number it speaks of,
    `slots` are the values that it names, `service` is where they are looked up.
    """

    kind: GuardKind
    words: str
    span: Span
    positive: bool = False
    threshold: str = ""
    slots: tuple[Slot, ...] = ()
    service: str = ""
    otherwise: bool = False
    """Whether it stands for the other way of the guard with the same words ("…, otherwise …")."""
    else_of: Span | None = None
    """The words of the condition before it that must not hold ("if a …; if b …; otherwise …")."""


def alert_event(words: str) -> str:
    """Which event a clause speaks of: `failure`, `deadline`, `retry`, `success` or nothing (empty)."""
    if _RETRY.search(words):
        return "retry"
    if _FAILURE.search(words):
        return "failure"
    if _DEADLINE.search(words):
        return "deadline"
    if _SUCCESS.search(words):
        return "success"
    return ""


_ENDS_WELL = re.compile(
    r"\b(?:success\w*|succeed\w*|erfolg\w*|succès|éxito|sucesso|either way|outcome)\b|成功", re.IGNORECASE
)
_BOTH = re.compile(r"\b(?:and|or|both|und|oder|et|ou|y|o|e|as well as)\b|[&/,]|和|或", re.IGNORECASE)


def speaks_of_both_ends(words: str) -> bool:
    """Whether words tell of success and failure in one breath ("on success and failure")."""
    good, bad = _ENDS_WELL.search(words), _FAILURE.search(words)
    if good is None or bad is None or "success" in bad.group().lower():
        return False
    left, right = sorted((good.span(), bad.span()))
    return right[0] - left[1] < 25 and _BOTH.search(words[left[1] : right[0]]) is not None


def is_consequence_nothing(words: str) -> bool:
    """Whether a clause says that (a part of) the work is to be left out."""
    return bool(_NOTHING.search(words))


_WHICH_DAY = re.compile(
    r"\b(?:if|when|unless|only|on)\s+(?:on\s+)?(?:(?:it(?:'s|\s+is)|today\s+is|(?:the\s+)?(?:run\s+)?(?:date|day)\s+is)\s+)?(?:on\s+)?(?:a\s+|an\s+|the\s+)?"
    r"(?P<day>(?P<first>first|1st)\s+(?:(?:calendar\s+)?day\s+)?of\s+(?:the|a|each|every)\s+month|"
    r"(?P<last>last)\s+(?:calendar\s+)?day\s+of\s+(?:the|a|each|every)\s+month|(?P<weekend>weekend)s?|(?P<weekday>weekday)|"
    r"(?P<name>monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?)\b",
    re.IGNORECASE,
)
_DAY_IF = re.compile(rf"{_WHICH_DAY.pattern.replace('|unless|only|on)', '|unless)', 1)}", re.IGNORECASE)


def day_conditions(text: str) -> tuple[Span, ...]:
    """Where a text makes work depend on the day ("if it is the first day of the month"): no schedule, a condition."""
    found = (match for match in _DAY_IF.finditer(text) if re.search(r"\b(?:is|'s)\b", match.group()[:30]))
    return tuple(sorted((*(Span(*match.span()) for match in found), *extra_days(text))))


_OFTEN = re.compile(
    r"\b(?:daily|nightly|hourly|every\s+(?:day|night|morning|evening|hour|weekday|\d+)|each\s+(?:day|night|morning|evening|hour|weekday)|weekdays|täglich|jeden\s+tag)\b",
    re.IGNORECASE,
)
_SOME_DAY = (
    r"(?:the\s+)?(?:(?:first|1st|last)\s+(?:calendar\s+)?day|first|1st)\s+of\s+(?:the|a|each|every)\s+month|(?:a\s+|every\s+)?"
    r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?|(?:the\s+)?weekends?"
)
_ALSO = r"(?:also|additionally|in\s+addition|on\s+top|as\s+well|too)"
_EXTRA_DAY = re.compile(
    rf"\b(?P<on>on)\s+(?P<day>{_SOME_DAY})\b(?=\s*,?\s*{_ALSO}\b)|"
    rf"\b{_ALSO}\b(?:[^.;\n]|\.(?=\w)){{2,120}}?\s(?P<on2>on)\s+(?P<day2>{_SOME_DAY})\b(?=\s*(?:[.;\n]|$))",
    re.IGNORECASE,
)


def extra_days(text: str) -> tuple[Span, ...]:
    """Where a text asks for more work on some days of a DAG that runs more often ("on Mondays also …"): from the "on" on."""
    if _OFTEN.search(text) is None:
        return ()
    found = (
        ("on", "day", match) if match.group("on") else ("on2", "day2", match) for match in _EXTRA_DAY.finditer(text)
    )
    return tuple(Span(match.start(on), match.end(day)) for on, day, match in found)


def named_day(words: str) -> str:
    """The day that a condition speaks of, as the recipes call it; empty if it speaks of none."""
    match = _WHICH_DAY.search(f"if {words}")
    if match is None:
        return ""
    for group, name in (
        ("first", "first_of_month"),
        ("last", "last_of_month"),
        ("weekend", "weekend"),
        ("weekday", "weekday"),
    ):
        if match.group(group):
            return name
    return match.group("name").lower()


def read_guard(words: str, span: Span, *, leaves_out: bool) -> Guard:
    """Read a condition. `leaves_out`: when it holds, work is skipped (else: work is done)."""
    if _HOLIDAY.search(words):
        return Guard("holiday", words, span, positive=not leaves_out)
    day = named_day(words)
    if day:
        return Guard("day", words, span, positive=not leaves_out, threshold=day)
    if _DIFFERENCE.search(words):
        return Guard("differs", words, span, positive=not leaves_out)
    if _EQUAL.search(words) and leaves_out:
        return Guard("differs", words, span, positive=True)
    if _AGREE.search(words):
        return Guard("differs", words, span, positive=False)
    value = _VALUE.search(words) or _ALONE.fullmatch(words)
    if value is not None:
        same = value.group("not") is None and value.group("sign") != "!="
        return Guard(
            "equals", words, span, positive=same != leaves_out, threshold=value.group("v") or value.group("v2")
        )
    threshold = _THRESHOLD.search(words)
    many = threshold is not None and _MANY.match(words, threshold.end()) is not None
    if threshold and (many or threshold.group("n") not in ("0", "1")):
        return Guard("threshold", words, span, positive=not leaves_out, threshold=threshold.group("n").strip())
    if _EMPTY.search(words) and leaves_out:
        return Guard("not_empty", words, span, positive=True)
    if _EMPTY.search(words) and not _SURELY_SOME.search(words):
        return Guard("not_empty", words, span, positive=False)
    if _SOME.search(words) and not leaves_out:
        return Guard("not_empty", words, span, positive=True)
    if _EMPTY.search(words):
        return Guard("not_empty", words, span, positive=False)
    return Guard("custom", words, span, positive=not leaves_out)
