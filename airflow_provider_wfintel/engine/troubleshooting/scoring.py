"""From matches to classes: how much each match counts, given where it stands, and what follows from its surroundings.

The weights are few and stand here with their reasons. A match counts its signature's strength, more in the exception
that ended the try, less in what was only warned of, retried or happened afterwards. The best match of a class makes its
score, others add a little. Deeper causes outweigh symptoms because signatures of symptoms are weak, not because they
come first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple, TypeVar

from airflow_provider_wfintel.engine.catalog.failures import ContextRule, Signature, compile_pattern, load_contexts
from airflow_provider_wfintel.engine.troubleshooting.events import LogDocument, LogEvent
from airflow_provider_wfintel.engine.troubleshooting.matching import Match, SignatureIndex, found_around
from airflow_provider_wfintel.engine.troubleshooting.patterns import LazyPattern, any_of

__all__ = ["Hit", "class_scores", "find_hits", "probabilities"]

_Item = TypeVar("_Item")

_TERMINAL = 1.5
# Common words say something at the start of a message, not deep in a dump that it carries.
_WEAK_WITHIN = 600
_SYMPTOM = 2.7
_SYMPTOM_ENDS = -0.7
# The name of an error says less than its message, and nothing if the signature is a symptom's.
_NAMED = -1.0
_NAMED_FROM = 3.0
_SAID_ENOUGH = 4.0
_PER_DEPTH = 0.15
_MAX_DEPTH_BONUS = 0.45
_HANDLED_FIRST = -0.35
_OTHER_EXCEPTION = 0.3
_LEVELS = {"critical": 0.6, "error": 0.6, "warning": -0.6, "debug": -1.2}
_QUIET_EXCEPTION = -1.0
_WARNED_EXCEPTION = -1.8
# A command that prints an exception at level info most often ended with it.
_PRINTED = 0.6
_PRINTED_EXCEPTION = LazyPattern(r"^(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception): ")
_DAMPED = -1.6
_AFTERWARDS = -1.4
_RECENT = 0.4
_FACT = 0.4
_SUPPORT = 0.2
_REPEATED = -0.5
_OFTEN = 6
_ALTERNATIVE = -0.6
_LOG = "log_read_failure"
_LOG_ONLY = -2.0
_CHAIN_LETTERS = 1_000
_AROUND = 400
_CONTEXT_EVENTS = 200
_CONTEXT_LETTERS = 500
_CONTEXT_TEXT = 4_000
_OWN_FAILURE = 4.0

# A message below level error is matched only if it holds one of these; the cost of the others would be for nothing.
_TROUBLE = (
    "err", "exception", "fail", "not ", "n't", "no ", "cannot", "denied", "refus", "timed", "timeout", "time", "kill", "exit",
    "return code", "evict", "oom", "memory", "abort", "cancel", "lost", "unable", "invalid", "missing", "full", "exceed", "limit",
    "terminat", "signal", "sig", "preempt", "spot", "expired", "unauthor", "forbidden", "reset", "closed", "broken", "unknown",
    "unavail", "back-off", "backoff", "pull", "unschedul", "insufficient", "already", "zombie", "heartbeat", "stuck", "queue",
    "deadlock", "lock", "conflict", "duplicate", "violat", "mismatch", "corrupt", "malformed", "429", "404", "403", "401", "500",
    "502", "503", "504", "quota", "throttl", "panic", "fatal", "segf", "core dump", "fault", "state", "externally", "skip", "wait",
    "ora-", "too ", "warning", "bad ", "wrong", "undefined", "required", "must", "empty", "changed", "dag", "trigger", "crash",
    "unbound", "unset", "refused",
)  # fmt: skip
_MOST_EXCEPTIONS = 300
_MOST_LOUD = 1_000
_MOST_CALM = 300
_CALM_LEVELS = ("info", "debug", "warning")
_FAILURE_LEVELS = ("error", "critical")
_FAILURE_WORDS = LazyPattern(
    r"(?i)error|exception|fail|fatal|cannot|can't|could not|unable|invalid|denied|refused|abort|not found|not exist|must|panic|missing|illegal"
)

# What says of itself that it did not end the try.
_HARMLESS = LazyPattern(
    r"(?i)\b(?:ignor(?:ed|ing)|retry(?:ing)?|retries left|will (?:be )?retr(?:y|ied)|re-?attempt|trying again|try again in|attempt \d+ (?:of|/) ?\d+|"
    r"non[- ]fatal|harmless|continu(?:e|ing)|skip(?:ped|ping)|recovered|falling back|fallback|fell back|deprecat\w+|back(?:ing)?[- ]?off|"
    r"resolved|not critical|(?:is|are|was|as) expected|best[- ]effort|optional|using (?:default|cached)|proceed(?:ing)?|no action|can be ignored|"
    r"rescheduling|reconnect(?:ed|ing)|succeeded (?:on|after)|gracefully|for example|e\.g\.|dry[- ]run)\b"
)
_GAVE_UP = LazyPattern(
    r"(?i)\b(?:giving up|gave up|retries exceeded|no more retries|max(?:imum)? retries|exhausted|last attempt|after \d+ (?:attempts|retries|tries)|failed permanently)\b"
)
_ENDED_TRY = LazyPattern(
    r"(?i)task failed with exception|failed to execute (?:task|job)|^(?:\w+ )?task failed\b|exited with error|Trigger failed"
)
# What our listener writes at the end of every try repeats its exception and tells nothing new.
_OWN_LINE = "wfintel.try {"
_CALLBACK = LazyPattern(
    r"(?i)callback|on_failure|on_retry|notif(?:y|ier|ication)|listener|clean-?up|teardown|error when executing|failed to send|post[- _]?execute"
)


class Hit(NamedTuple):
    """A match with the class it speaks for after its surroundings were looked at, and how much it counts."""

    label: str
    score: float
    signature: Signature
    event: LogEvent
    start: int
    end: int


def find_hits(document: LogDocument, index: SignatureIndex) -> list[Hit]:
    """All matches in a log, the context rules applied, best first."""
    chain = _terminal_chain(document.events)
    end_line = max((event.first_line for event in document.events if event.chain == chain), default=0) if chain else 0
    hits: list[Hit] = []
    following = _following(document.events)
    for event, matches, count in _matched(document.events, index):
        placed = _place(event, chain, end_line, document.lines, following.get(event.chain, ""))
        if count >= _OFTEN and event.kind == "message":
            placed += _REPEATED
        for match in matches:
            if match.signature.only_failures and (match.start > _WEAK_WITHIN or not _is_failure(event, chain)):
                continue
            strength = match.signature.strength
            less = _SYMPTOM_ENDS if strength < _SYMPTOM and event.chain and event.chain == chain else 0.0
            less += _NAMED if match.named else 0.0
            hits.append(
                Hit(match.signature.label, strength + placed + less, match.signature, event, match.start, match.end)
            )
    surroundings = _Surroundings(document.events)
    changed = [result for hit in hits for result in _in_context(hit, surroundings)]
    return sorted(changed, key=lambda hit: -hit.score)


def _following(events: Sequence[LogEvent]) -> dict[int, str]:
    """The first message after each traceback, by the number of its chain: what the program did next."""
    found: dict[int, str] = {}
    open_chain = 0
    for event in events:
        if event.kind == "exception":
            open_chain = event.chain
        elif open_chain:
            found[open_chain] = event.text[:_AROUND]
            open_chain = 0
    return found


def _is_failure(event: LogEvent, chain: int) -> bool:
    """Whether an event says that something failed, by its kind or level."""
    if event.kind == "exception":
        return event.chain == chain or event.level not in ("warning", "info", "debug")
    return event.level in _FAILURE_LEVELS or (not event.level and bool(_FAILURE_WORDS.search(event.text[:400])))


def _chain_texts(events: Sequence[LogEvent]) -> dict[int, str]:
    """What the exceptions of each traceback say, together."""
    texts: dict[int, list[str]] = {}
    for event in events:
        if event.kind == "exception":
            texts.setdefault(event.chain, []).append(event.text[:_CHAIN_LETTERS])
    return {chain: "\n".join(parts) for chain, parts in texts.items() if len(parts) > 1}


def _matched(events: Sequence[LogEvent], index: SignatureIndex) -> list[tuple[LogEvent, list[Match], int]]:
    """Events with their matches. Messages that differ in numbers only are looked at once, and stand where the last stood."""
    digits = str.maketrans("", "", "0123456789")
    groups: dict[tuple[str, str], tuple[LogEvent, int]] = {}
    exceptions: list[LogEvent] = []
    for event in events:
        if event.kind == "exception":
            exceptions.append(event)
            continue
        if event.text.startswith(_OWN_LINE):
            continue
        key = (event.level, event.text.translate(digits))
        groups[key] = (event, groups[key][1] + 1 if key in groups else 1)
    known: dict[str, list[Match]] = {}
    found = []
    for event in _ends(exceptions, _MOST_EXCEPTIONS):
        if event.text not in known:
            text = _joined(event.text)
            known[event.text] = _with_names(index.matches(text), text, index, head=True)
        found.append((event, known[event.text], 1))
    for event, count in _worth_reading([*groups.values()]):
        text, calm = _joined(event.text), event.level in _CALM_LEVELS
        said = index.matches(text, weak=not calm)
        found.append((event, said if calm else _with_names(said, text, index, head=False), count))
    return [(_with_joined(event), matches, count) for event, matches, count in found if matches]


def _with_names(said: list[Match], text: str, index: SignatureIndex, *, head: bool) -> list[Match]:
    """Matches of a message, and those of the names of errors in it where the message itself tells little."""
    if any(match.signature.strength >= _SAID_ENOUGH for match in said):
        return said
    known = {match.signature.id for match in said}
    named = index.of_names(text, head=head)
    return said + [item for item in named if item.signature.id not in known and item.signature.strength >= _NAMED_FROM]


def _worth_reading(groups: list[tuple[LogEvent, int]]) -> list[tuple[LogEvent, int]]:
    """The messages to match: of those below level error only those with a word of trouble, and of very many the first and last."""
    loud = [item for item in groups if item[0].level not in _CALM_LEVELS]
    calm = [item for item in groups if item[0].level in _CALM_LEVELS and _has_trouble(item[0].text)]
    return _ends(loud, _MOST_LOUD) + _ends(calm, _MOST_CALM)


def _ends(items: list[_Item], most: int) -> list[_Item]:
    """The first quarter and the last three of what is allowed."""
    return items if len(items) <= most else items[: most // 4] + items[-(most - most // 4) :]


def _has_trouble(text: str) -> bool:
    return bool(any_of(_TROUBLE).search(text.lower()))


def _joined(text: str) -> str:
    """Strings that pretty-printing broke into quoted pieces, put together again."""
    return _WRAPPED.sub("", text) if "'\n" in text else text


def _with_joined(event: LogEvent) -> LogEvent:
    if "'\n" not in event.text:
        return event
    return event._replace(text=_joined(event.text))


_WRAPPED = LazyPattern(r"['\"]\n\s*['\"]")


def _terminal_chain(events: Sequence[LogEvent]) -> int:
    """Number of the traceback that ended the try; 0 if there is none."""
    chain, rank = 0, -1
    for event in events:
        if event.kind != "exception" or event.depth:
            continue
        if event.level in ("warning", "info", "debug"):
            own = 0
        elif _ENDED_TRY.search(event.header):
            own = 3
        elif _CALLBACK.search(event.header):
            own = 1
        else:
            own = 2
        if own >= rank:
            chain, rank = event.chain, own
    return chain


def _place(event: LogEvent, chain: int, end_line: int, lines: int, after: str) -> float:
    """What the place of an event adds to the strength of what it says; `after` is the message that follows it."""
    recent = _RECENT * event.first_line / max(1, lines)
    if event.kind == "fact":
        return _FACT
    if event.kind == "exception" and event.chain == chain:
        depth = min(_MAX_DEPTH_BONUS, _PER_DEPTH * event.depth)
        quiet = _QUIET_EXCEPTION if event.level in ("info", "debug", "warning") else 0.0
        return _TERMINAL + depth + recent + quiet + (_HANDLED_FIRST if event.handled_first else 0.0)
    damped = _DAMPED if _HARMLESS.search(event.text[:600]) and not _GAVE_UP.search(event.text[:600]) else 0.0
    if end_line and event.first_line > end_line:
        damped += _AFTERWARDS
    if event.kind == "exception":
        quiet = _QUIET_EXCEPTION if event.level in ("info", "debug") else _OTHER_EXCEPTION
        quiet = _WARNED_EXCEPTION if event.level == "warning" else quiet
        if not damped and _HARMLESS.search(f"{event.header}\n{after}"[:_AROUND]):
            damped = _DAMPED
        callback = _DAMPED if _CALLBACK.search(event.header) else 0.0
        return quiet + damped + callback + recent
    printed = _PRINTED if event.level in ("", "info") and _PRINTED_EXCEPTION.match(event.text) else 0.0
    return _LEVELS.get(event.level, 0.0) + damped + recent + printed


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return compile_pattern(pattern)


class _Surroundings:
    """Where context rules look, with what they found, because many hits share an event and all share the log."""

    def __init__(self, events: Sequence[LogEvent]) -> None:
        self._events = events
        self._chains = _chain_texts(events)
        self._log: str | None = None
        self._known: dict[tuple[str, int], bool] = {}

    def has(self, rule: ContextRule, event: LogEvent) -> bool:
        """Whether a rule's pattern is found around an event."""
        key = (rule.id, 0 if rule.scope == "log" else id(event))
        if key not in self._known:
            where = self._text(rule.scope, event)
            found = found_around(rule.id, rule.pattern, where)
            self._known[key] = found and not (rule.unless and _compiled(rule.unless).search(where))
        return self._known[key]

    def _text(self, scope: str, event: LogEvent) -> str:
        if scope == "log":
            if self._log is None:
                last = self._events[-_CONTEXT_EVENTS:]
                self._log = "\n".join(f"{item.logger} {item.text[:_CONTEXT_LETTERS]}" for item in last)
            return self._log
        chain = self._chains.get(event.chain, "") if event.kind == "exception" else ""
        return (
            f"{event.logger}\n{event.header[:_CONTEXT_LETTERS]}\n{event.frames}\n{event.text[:_CONTEXT_TEXT]}\n{chain}"
        )


def _in_context(hit: Hit, surroundings: _Surroundings) -> list[Hit]:
    """The hit as its surroundings make it. What it was before stays as an alternative."""
    for rule in load_contexts():
        if hit.label in rule.labels and hit.label != rule.becomes and surroundings.has(rule, hit.event):
            changed = Hit(rule.becomes, hit.score + rule.bonus, hit.signature, hit.event, hit.start, hit.end)
            before = Hit(hit.label, hit.score + _ALTERNATIVE, hit.signature, hit.event, hit.start, hit.end)
            return [changed, before]
    return [hit]


def class_scores(hits: Sequence[Hit]) -> dict[str, float]:
    """The score of every class that is spoken for, best first: its best hit, and a little for other signatures."""
    best: dict[str, dict[str, float]] = {}
    for hit in hits:
        known = best.setdefault(hit.label, {})
        known[hit.signature.id] = max(hit.score, known.get(hit.signature.id, -math.inf))
    scores = {}
    for label, own in best.items():
        values = sorted(own.values(), reverse=True)
        scores[label] = values[0] + _SUPPORT * min(2, len([value for value in values[1:] if value > values[0] - 2]))
    if _LOG in scores and _tells_of_itself(hits):
        scores[_LOG] += _LOG_ONLY
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0])))


def _tells_of_itself(hits: Sequence[Hit]) -> bool:
    """Whether a log that could not be read as a whole still shows, elsewhere, what happened to the task."""
    about_log = {(hit.event.first_line, hit.event.text) for hit in hits if hit.label == _LOG}
    return any(
        hit.label != _LOG
        and hit.score >= _OWN_FAILURE
        and not hit.event.text.startswith("***")
        and (hit.event.first_line, hit.event.text) not in about_log
        for hit in hits
    )


def probabilities(scores: Mapping[str, float], *, temperature: float, unknown: float) -> dict[str, float]:
    """Scores as probabilities (softmax); `unknown` is the score of a cause that no signature knows."""
    if not scores:
        return {}
    top = max([*scores.values(), unknown])
    weights = {label: math.exp((score - top) / temperature) for label, score in scores.items()}
    total = sum(weights.values()) + math.exp((unknown - top) / temperature)
    return {label: weight / total for label, weight in weights.items()}
