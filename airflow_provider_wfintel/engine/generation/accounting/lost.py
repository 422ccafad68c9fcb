"""Words that nothing carries: where each content word of the text went, and the phrases of those that went nowhere.

A span of evidence says which task a word belongs to, not that the task does what the word says. So every word is
looked for in what the tasks really hold: their values, class, service and rule, their verb and its object, the
condition or repetition that was read from its clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from airflow_provider_wfintel.engine.generation.accounting.small_words import (
    MEANS,
    connective_spans,
    event_words,
    generic_forms,
    generic_words,
    small_words,
    stem,
    word_list,
)
from airflow_provider_wfintel.engine.generation.accounting.tokens import Piece, Token, pieces_of
from airflow_provider_wfintel.engine.generation.accounting.vocabulary import (
    kind_words,
    setting_words,
    stems_of,
    value_words,
)
from airflow_provider_wfintel.engine.generation.reading.clauses import Clause
from airflow_provider_wfintel.engine.generation.reading.conditions import alert_event
from airflow_provider_wfintel.engine.generation.reading.flow import Flow
from airflow_provider_wfintel.engine.generation.reading.frames import Words
from airflow_provider_wfintel.engine.generation.reading.lexicon import VerbUse
from airflow_provider_wfintel.engine.model import Action, Mention, Span, TaskSpec, WorkflowSpec

__all__ = ["Account", "lost_phrases"]

# Verbs that ask for any kind of work, so that every task carries them.
_ANY_VERB = word_list("any_verb", stems=True)
_ANY_NOUN = word_list("generic", stems=True)
_ALERT_WORDS = word_list("alert", stems=True)
_UMBRELLAS = frozenset(
    {"aws", "google_cloud", "azure", "airflow_common", "airflow", "common_ai", "http", "webhook", "sql"}
)
_MEANS_NOTHING = frozenset({"python", "bash", "filesystem", "jdbc", "odbc", "docker", "spark", "git"})
# How a thing is done or what was made of it; such words are seldom the name of the thing.
_MANNER = re.compile(r"^(?:\w{3,}ly|\w{3,}(?:ed|ing)|\w{4,}(?:iest))$")
_NOT_MANNER = word_list("not_manner")
_SUBJECT_WORDS = 4
_NEAR = 8
# "once the export is done": words that make a clause about an event, so that its subject is something known.
_EVENT = re.compile(
    r"\b(?:is|are|has|have|was|were|been|done|finish\w*|complet\w*|succe\w*|over|through|ready|arriv\w*|land\w*|appear\w*|exist\w*|"
    r"ist|sind|hat|haben|wurde|fertig|est|sont|a|ont|terminé\w*|es|está|están|ha|han|terminad\w*|termin\w*|é|são|está|estão)\b",
    re.IGNORECASE,
)
# What ends or goes on where a condition, a limit or a failure decides.
_CONTROL = word_list("control", stems=True)
# Verbs that say no more than their action; others ("index", "merge") say how.
_BARE_VERBS = word_list("bare_verb", stems=True)
_MOVES: frozenset[Action] = frozenset({"copy", "load", "extract"})
_TWO = 2
_LABEL_WORDS = 4
_LABELLED = re.compile(r"[ \t]*(?:\*\*)?[ \t]*:(?=\s|$)|\s*\n\s*[-=]{3,}")
_HEADING = re.compile(r"[ \t]*\n[ \t]*(?:[-*•#]|\(?\w{1,2}[.)])")
_WHOLE = word_list("whole", stems=True)
_LINE_START = re.compile(
    r"(?:^|[\n.;])[ \t]*(?:[-*•#◦>]+|\(?\w{1,2}[.)]|task\s*\d+|step\s*\d+)?[ \t*#]*$", re.IGNORECASE
)
_NAME_PART = re.compile(r"-?\d|=|\.\w")


@dataclass(frozen=True, slots=True)
class Account:
    """What the words are held against.

    Attributes:
        words: the text with its literals, mentions and settings.
        clauses: its clauses.
        verbs: its verbs.
        flow: the steps read from it.
        spec: what became of them.
        told: words that were carried out, listed or asked about by an earlier stage.
        titles: words that only name the whole.
    """

    words: Words
    clauses: tuple[Clause, ...]
    verbs: tuple[VerbUse, ...]
    flow: Flow
    spec: WorkflowSpec
    told: tuple[Span, ...] = ()
    titles: tuple[Span, ...] = ()


def lost_phrases(account: Account) -> list[tuple[Span, str]]:
    """The phrases that nothing carries, each with the id of the task it belongs to (empty: to none)."""
    if account.words.language not in ("en", "de", "fr", "es", "pt"):
        return []
    pieces = pieces_of(account.words)
    reader = _Reader(account, pieces)
    open_pieces: list[tuple[Piece, list[Token]]] = []
    for piece in pieces:
        lost = [token for token in piece.tokens if reader.is_lost(piece, token)]
        open_pieces.append((piece, lost))
    return [(span, reader.doer(span)) for span in _phrases(open_pieces, reader)]


def _phrases(found: Sequence[tuple[Piece, list[Token]]], reader: _Reader) -> Iterator[Span]:
    """Lost words as readable phrases: with the preposition in front, and neighbours with nothing between joined."""
    current: Span | None = None
    for piece, lost in found:
        if not lost:
            if current is not None and piece.glued and reader.is_empty(piece):
                current = Span(current.start, piece.span.end)
                continue
            if current is not None:
                yield current
                current = None
            continue
        start = reader.opening(piece, lost[0])
        end = max(lost[-1].span.end, reader.closing(piece, lost[-1]))
        if current is not None and piece.glued and start == piece.span.start:
            current = Span(current.start, end)
        else:
            if current is not None:
                yield current
            current = Span(start, end)
    if current is not None:
        yield current


class _Reader:
    """Decides word by word; holds what was worked out once for the whole text."""

    def __init__(self, account: Account, pieces: Sequence[Piece]) -> None:
        self.account = account
        self.following = {one.span: other for one, other in pairwise(pieces) if other.glued}
        words, spec = account.words, account.spec
        self.small = small_words(words.language)
        self.generic = generic_words()
        self.values = frozenset().union(*(value_words(task) for task in spec.tasks)) | setting_words(spec)
        self.kinds = {task.task_id: kind_words(task) for task in spec.tasks}
        self.all_kinds = frozenset().union(*self.kinds.values())
        self.actions = {task.action for task in spec.tasks}
        self.served = {name for task in spec.tasks for name in task.services} | {item.service for item in spec.alerts}
        self.alerts = tuple(item.span for item in account.flow.alerts)
        behind = [span for task in spec.tasks for span in task.evidence]
        self.step_verbs = tuple(
            step.clause.verb.span
            for step in account.flow.steps
            if step.clause is not None
            and step.clause.verb is not None
            and any(step.clause.verb.span.overlaps(span) for span in (*behind, *step.spans))
        )
        self.names = words.mentions
        self.said = (*account.told, *account.titles, *connective_spans(words.blank))
        self.argument_names = stems_of(item.name for task in spec.tasks for item in task.arguments)
        self.hears_failures = bool(spec.alerts) or any(task.trigger_rule != "all_success" for task in spec.tasks)
        self.repeats = any(task.mapping is not None for task in spec.tasks) or any(
            step.foreach is not None for step in account.flow.steps
        )
        self.decides = (
            self.hears_failures
            or spec.deadline is not None
            or any(task.action in ("branch", "check") or task.timeout_seconds for task in spec.tasks)
        )

    # --- one word ---

    def is_lost(self, piece: Piece, token: Token) -> bool:
        """Whether nothing carries a word."""
        if token.word in self.small or len(token.word) < 2:
            return False
        if any(_in(token.span, span) for span in self.said) or self._is_name_part(token):
            return False
        mention = next((item for item in self.names if item.span.overlaps(token.span)), None)
        if mention is not None and mention.confidence >= 0.5:
            return not self._is_served(mention)
        owners = self.owners(token.span)
        if owners and all(task.operator.recipe == "python_step" for task in owners):
            return False  # its code is to be filled in, which is told with the whole sentence
        if token.stem in self.values:
            return False
        if self._is_label(piece) or self._is_event(piece, token):
            return False
        if piece.lead in MEANS:
            return not self._is_means(piece, token)
        return not (self._is_plain(piece, token, owners) or self._has_place(piece, token))

    def _is_name_part(self, token: Token) -> bool:
        """Of "OPS-12", "env=prod": names that stand in no quotes; another stage looks after them."""
        return _NAME_PART.match(self.account.words.text, token.span.end) is not None

    def _is_label(self, piece: Piece) -> bool:
        """A heading, or a label before a colon: it only names what comes."""
        text, span = self.account.words.text, piece.span
        label = _LABELLED if len(piece.tokens) > 1 else _HEADING
        if len(piece.tokens) > _LABEL_WORDS or not (_LABELLED.match(text, span.end) or label.match(text, span.end)):
            return False
        before = self.account.words.without[max(0, span.start - 80) : span.start]
        return _LINE_START.search(before) is not None

    def _is_event(self, piece: Piece, token: Token) -> bool:
        """Of "if it breaks", "bei Fehlern": the failure that an alert or a task waits for."""
        if not self.hears_failures or token.span.end - piece.span.start > 60:
            return False
        return bool(alert_event(piece.span.of(self.account.words.text)))

    def _is_means(self, piece: Piece, token: Token) -> bool:
        """Whether a word of "with …", "using …" is carried: a name must stand in the task as a name."""
        written = token.span.of(self.account.words.text)
        if written[0].isupper() and not written.isupper():
            return self._names_literal(piece, token)
        plain = token.stem in _ANY_NOUN or token.stem in self.argument_names or self._is_step_verb(token)
        return plain or self._names_literal(piece, token) or (written.isupper() and token.stem in self.all_kinds)

    def _is_plain(self, piece: Piece, token: Token, owners: Sequence[TaskSpec]) -> bool:
        """Whether a word says what the tasks are anyway."""
        if _says_how(token):
            if token.word in generic_forms() or token.stem in _ANY_VERB:
                return True
        elif token.stem in self.generic or token.stem in _ANY_VERB:
            return True
        if any(token.span.overlaps(span) for span in self.alerts) and token.stem in _ALERT_WORDS:
            return True
        if self.decides and token.stem in _CONTROL:
            return True
        kinds = [self.kinds[task.task_id] for task in owners] or [self.all_kinds]
        return any(token.stem in kind for kind in kinds) or self._is_carried_verb(piece, token, owners)

    def _is_served(self, mention: Mention) -> bool:
        service = mention.service
        if mention.role == "passing" or service in _UMBRELLAS or service in _MEANS_NOTHING:
            return True
        if any(service == own or service.startswith(own) or own.startswith(service) for own in self.served):
            return True
        return all(
            stem(part) in self.values for part in re.findall(r"[^\W\d_]+", mention.span.of(self.account.words.text))
        )

    def _is_step_verb(self, token: Token) -> bool:
        return any(token.span.overlaps(span) for span in self.step_verbs)

    def _leads_to_value(self, piece: Piece) -> bool:
        """Of "convert it to parquet": what the verb comes to is a value of a task."""
        later = self.following.get(piece.span)
        said = [item for item in later.tokens if item.word not in self.small] if later is not None else []
        return bool(said) and all(item.stem in self.values for item in said)

    def _is_carried_verb(self, piece: Piece, token: Token, owners: Sequence[TaskSpec]) -> bool:
        """Whether a verb is that of a step with a task, or tells of what such a step has done ("the loaded rows")."""
        if self._is_step_verb(token):
            return True
        use = next((item for item in self.account.verbs if item.span.overlaps(token.span)), None)
        if use is None:
            return False
        own = {task.action for task in owners}
        if own & _MOVES and any(len(task.services) >= _TWO or task.operator.kind == "transfer" for task in owners):
            own |= _MOVES
        if self._leads_to_value(piece):
            return True
        if use.form == "base" and use.strength > _TWO and stem(use.lemma) not in _BARE_VERBS:
            return False
        return use.action in own or (use.action in self.actions and (use.form != "base" or use.strength <= _TWO))

    # --- its place ---

    def _has_place(self, piece: Piece, token: Token) -> bool:
        """Whether the place of a word makes it a name for what is carried."""
        if _says_how(token):
            return False
        return (
            self._is_object(piece)
            or self._names_literal(piece, token)
            or self._names_mention(piece, token)
            or self._is_qualified(piece, token)
            or self._names_the_whole(piece, token)
        )

    def _is_object(self, piece: Piece) -> bool:
        """The object of a step's verb ("fetch the customer orders"), or its subject in the passive."""
        verbs = [item for item in piece.tokens if self._is_step_verb(item)]
        if piece.lead and not any(item.span.start == piece.tokens[0].span.start for item in verbs):
            return False
        return bool(verbs)

    def _names_literal(self, piece: Piece, token: Token) -> bool:
        """Of "the partner file `/in/x.csv`": the words before a literal describe it."""
        return (piece.names or self._is_name_part(piece.tokens[-1])) and token in piece.tokens[-4:]

    def _names_mention(self, piece: Piece, token: Token) -> bool:
        """Of "the central Postgres database": words before a name, or between it and a noun that any work has."""
        inside = [item for item in self.names if item.span.overlaps(piece.span) and self._is_served(item)]
        if not inside:
            return False
        if any(token.span.end <= item.span.start for item in inside):
            return True
        later = [item for item in piece.tokens if item.span.start > token.span.start]
        return bool(later) and later[0].stem in self.generic

    def _names_the_whole(self, piece: Piece, token: Token) -> bool:
        """Of "a weekly housekeeping DAG": the words before what names the workflow itself."""
        return any(item.stem in _WHOLE and item.span.start > token.span.start for item in piece.tokens)

    def _is_qualified(self, piece: Piece, token: Token) -> bool:
        """The subject of "once …", "before …", and what "for each …" repeats."""
        clause = next((item for item in self.account.clauses if _in(token.span, item.span)), None)
        if clause is None or clause.kind not in ("temporal", "before", "foreach"):
            return False
        first = [item for item in piece.tokens if item.word not in self.small][:_SUBJECT_WORDS]
        if clause.kind == "foreach":
            return self.repeats and piece.span.start - clause.span.start <= _NEAR and token in first
        if _EVENT.search(clause.span.of(self.account.words.text)) is None:
            return token.stem in event_words()
        return piece.span.start - clause.span.start <= _NEAR and token in first

    # --- phrases ---

    def is_empty(self, piece: Piece) -> bool:
        """Whether a piece says nothing by itself ("by everybody"), so that it belongs to the words before it."""
        weak = (item.word in self.small or item.stem in self.generic - self.values for item in piece.tokens)
        named = any(item.span.overlaps(piece.span) for item in self.names)
        return not piece.names and not named and all(weak)

    def owners(self, span: Span) -> list[TaskSpec]:
        """The tasks whose evidence holds a span."""
        return [task for task in self.account.spec.tasks if any(item.overlaps(span) for item in task.evidence)]

    def doer(self, span: Span) -> str:
        """The task that a phrase belongs to: the last of those behind its words."""
        owners = self.owners(span)
        return owners[-1].task_id if owners else ""

    def opening(self, piece: Piece, first: Token) -> int:
        """Where a phrase begins: at the small words in front of its first lost word."""
        start = first.span.start
        for token in reversed([item for item in piece.tokens if item.span.start < first.span.start]):
            weak = token.word in self.small or (token.stem in self.generic and token.stem not in self.values)
            weak = weak or (piece.lead in MEANS and not any(item.span.overlaps(token.span) for item in self.names))
            if not weak or any(_in(token.span, span) for span in self.account.told):
                break
            start = token.span.start
        return start

    def closing(self, piece: Piece, last: Token) -> int:
        """Where a phrase ends: with the nouns that belong to its last lost word."""
        end = last.span.end
        behind = [token for token in piece.tokens if token.span.start > last.span.start]
        if behind and not piece.names and all(token.word in self.small for token in behind):
            return behind[-1].span.end
        for token in behind:
            named = any(item.span.overlaps(token.span) for item in self.names)
            if token.word in self.small or named or self._is_step_verb(token):
                break
            end = token.span.end
        return end


def _says_how(token: Token) -> bool:
    """Whether a word has the form of a manner or a result ("politely", "grouped")."""
    return _MANNER.match(token.word) is not None and token.word not in _NOT_MANNER


def _in(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
