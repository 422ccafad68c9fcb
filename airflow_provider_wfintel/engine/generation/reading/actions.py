"""Actions: what a clause asks for, from its verb, its label, or its nouns."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.reading.alerts import CHANNELS, DATA_PLACES
from airflow_provider_wfintel.engine.generation.reading.clauses import Clause
from airflow_provider_wfintel.engine.generation.reading.frames import Words
from airflow_provider_wfintel.engine.generation.reading.lexicon import VerbUse
from airflow_provider_wfintel.engine.model import Action

__all__ = ["action_of"]

_NOUN_ACTIONS: tuple[tuple[re.Pattern[str], Action, str], ...] = (
    (re.compile(r"\b(?:export|dump|copy|sync|transfer|backup|replication|archive|unload|migration|snapshot)\b", re.I), "copy", "export"),
    (re.compile(r"\b(?:import|ingest(?:ion)?|load|upload|upsert|insert)\b", re.I), "load", "load"),
    (re.compile(r"\b(?:download|extract(?:ion)?|pull|fetch|scrape|crawl|listing|poll)\b", re.I), "extract", "fetch"),
    (re.compile(r"\b(?:check|checks|scan|validation|test|tests|audit|health ?check|quality|dq)\b", re.I), "check", "check"),
    (re.compile(r"\b(?:notif\w+|alert|message|mail|e-?mail|post|note|nachricht|meldung|benachrichtigung|hinweis|notification|mensaje|mensagem|aviso|courriel|correo|邮件)\b", re.I), "notify", "notify"),
    (re.compile(r"\b(?:cleanup|clean-up|deletion|purge|retention)\b", re.I), "delete", "delete"),
    (re.compile(r"\b(?:training|retraining)\b", re.I), "train", "train"),
    (re.compile(r"\b(?:query|sql|select|statement)\b", re.I), "query", "query"),
    (re.compile(r"\b(?:approval|sign-?off|freigabe|aprobación|validation humaine)\b", re.I), "approve", "approve"),
    (re.compile(r"\b(?:build|rebuild|refresh|evaluation|promotion|publication|deployment|invocation|execution|call|scoring|job|run|workflow|function|lambda|task|script|restart|rollover|compact\w*)\b", re.I), "trigger", "run"),
    (re.compile(r"\b(?:transform\w*|conversion|aggregat\w+|report|processing|dedup\w*)\b", re.I), "transform", "transform"),
)  # fmt: skip


def action_of(words: Words, clause: Clause) -> tuple[Action, str]:
    """What a clause asks for, and the verb (or noun) that says it; `none` if nothing does."""
    if _APPROVAL.search(words.plain(clause.span)):
        return "approve", "approve"
    if _RECEIVES.search(words.plain(clause.span)):
        return "notify", "notify"
    labelled = _label_action(words, clause) or _check_of_table(words, clause)
    if labelled is not None:
        return labelled
    if _is_description(words, clause):
        return "none", ""
    opens = clause.verb is not None and clause.verb.span.start - clause.span.start <= 1
    named = bool(words.services_in(clause.span) or words.slots_in(clause.span))
    if (
        clause.verb is not None
        and clause.verb.lemma == "drop"
        and _DROP_INTO.search(words.blank[clause.verb.span.start : clause.span.end])
    ):
        return "load", "drop"
    if clause.verb is not None and clause.verb.lemma == "do" and not named:
        return "none", ""
    if clause.verb is not None and (clause.verb.strength >= 2 or opens or named):
        return _of_verb(words, clause, clause.verb)
    return _of_nouns(words, clause, named=named)


def _of_verb(words: Words, clause: Clause, verb: VerbUse) -> tuple[Action, str]:
    """What the verb of a clause asks for, corrected by what it acts on."""
    if verb.action == "branch" and _STOPS_A_MACHINE.match(words.blank[verb.span.start : clause.span.end]):
        return "trigger", verb.lemma
    if verb.lemma == "ingest" and _ONLY_FROM.search(words.plain(clause.span)):
        return "extract", "fetch"
    if verb.lemma == "poll" and _UNTIL.search(words.plain(clause.span)):
        return "wait_for", verb.lemma
    if verb.action == "notify" and _is_command(words, clause):
        return "trigger", "run"
    return verb.action, verb.lemma


def _of_nouns(words: Words, clause: Clause, *, named: bool) -> tuple[Action, str]:
    """What a clause asks for by its nouns: beside something to work with, or as a very short line of its own."""
    plain = words.plain(clause.span)
    shapes = {slot.name for slot in words.slots_in(clause.span)}
    if clause.verb is None and shapes & {"sql", "procedure"}:
        return "query", "run"
    if clause.verb is None and "command" in shapes:
        return "trigger", "run"
    if clause.verb is None and _only_messengers(words, clause):
        return "notify", "notify"
    if not named and (len(clause.span.of(words.text).split()) > 5 or _STATES.search(plain)):
        return "none", ""
    return _noun_action(plain)


# "ingest readings from the API": where to is not said, so it is a read.
_ONLY_FROM = re.compile(r"^(?!.*\b(?:into|to|onto)\b).*\bfrom\b", re.IGNORECASE | re.DOTALL)
# "poll the status until it is done": waiting, not reading.
_UNTIL = re.compile(r"\b(?:until|till)\b", re.IGNORECASE)
# "stop the instance again": a machine is stopped, not the run.
_STOPS_A_MACHINE = re.compile(
    r"stop(?:s|ped)?\s+(?:(?:the|this|that|our|an?)\s+)?(?:[\w-]+\s+){0,2}?(?:instances?|machines?|vms?|servers?|clusters?|nodes?|warehouses?|notebooks?|endpoints?|services?|containers?)\b",
    re.IGNORECASE,
)


def _only_messengers(words: Words, clause: Clause) -> bool:
    """Of "Datadog event", "#ops on Slack": a short clause with nothing but who is told."""
    uses = words.services_in(clause.span)
    return bool(uses) and all(use.service in CHANNELS for use in uses) and len(words.plain(clause.span).split()) <= 5


def _is_command(words: Words, clause: Clause) -> bool:
    """Of "send the invoices: `python send.py`": the command does it, nobody is told."""
    shapes = {slot.name for slot in words.slots_in(clause.span)}
    if "command" not in shapes or shapes & {"recipients", "channel", "message"} or words.services_in(clause.span):
        return False
    return re.search(r":\s*`", clause.span.of(words.text)) is not None


# "The codes are documented in …", "its source is kept in …": where something is, not what is to be done.
_DESCRIBES = re.compile(
    r"\b(?:is|are|was|were)\s+(?:usually\s+|also\s+|currently\s+)?(?:listed|defined|stored|described|documented|maintained|kept|found|located|hosted|used|owned|based|built from|available|deployed)\b",
    re.IGNORECASE,
)


_STATES = re.compile(r"\b(?:is|are|was|were|has|have|can|may|ist|sind|est|sont|es|son|é|são)\b", re.IGNORECASE)


def _check_of_table(words: Words, clause: Clause) -> tuple[Action, str] | None:
    """A check whose verb is only "run" or the like, of a table that is named."""
    demanded = clause.verb is None and _DEMANDS.search(words.plain(clause.span)) is not None
    if not demanded and (
        clause.verb is None or not _CHECKS.match(words.blank[clause.verb.span.start : clause.span.end])
    ):
        return None
    tables = any(slot.name == "table" for slot in words.slots_in(clause.span))
    # Tools for checks have operators of their own.
    tools = any(use.service not in DATA_PLACES for use in words.services_in(clause.span))
    return ("check", "check") if tables and not tools else None


# "the table a.b must have at least 10 rows": a demand is a check.
_DEMANDS = re.compile(r"\b(?:must|should|has\s+to|needs\s+to)\s+(?:always\s+)?(?:have|contain|hold)\b", re.IGNORECASE)


# "run a data quality check: the table … must have …"
_CHECKS = re.compile(
    r"(?:run|perform|do|execute|carry\s+out)\s+(?:an?\s+|the\s+|some\s+|all\s+)?(?:[\w-]+\s+){0,2}?(?:(?:data\s+)?quality|dq|sanity|row|null|completeness)"
    r"[\s-]*(?:checks?|tests?)\b",
    re.IGNORECASE,
)


# "drop the file into the bucket" puts something there.
_DROP_INTO = re.compile(
    r"^drop\w*\s+(?:them|it|these|those|everything)\s+(?:\w+\s+){0,3}(?:in|on|at|to|under)\b|^drop\w*\b(?:(?!\b(?:table|partitions?|schema|view|column|index|database)\b)[^.;\n]){1,90}?\b(?:into|onto|off at|off in|in the|to the|on the)\b",
    re.IGNORECASE,
)


_MOVED = re.compile(
    r"^\s*(?:\*\s*)?(?:this (?:was|job was)|it was|was|originally|formerly|previously|migrated|ported|moved|built from)\b",
    re.IGNORECASE,
)


def _is_description(words: Words, clause: Clause) -> bool:
    verb = clause.verb
    plain = words.plain(clause.span)
    if _MOVED.match(plain) and (verb is None or verb.form == "past"):
        return True
    described = _DESCRIBES.search(plain)
    return described is not None and (
        verb is None or verb.form == "past" or verb.span.start - clause.span.start >= described.start()
    )


_APPROVAL = re.compile(
    r"\b(?:ask\w*|get|gets|obtain\w*|wait\w*|needs?|requires?|request\w*|await\w*|seek|attend(?:re|s|ez)?|abwarten|braucht|benötigt|holen?|einholen|demander|obtenir|pedir|solicitar|obtener|aguardar|esperar?)\b"
    r"[^.;]{0,60}?\b(?:approvals?|sign-?offs?|go-?ahead|green light|consent|the ok|an ok|okay|freigabe|genehmigung|zustimmung|approbation|accord|validation|aprobación|visto bueno|aprovação)\b|"
    r"^\W*(?:(?:and|then|please|afterwards)\W+)*ask\w*\s+[^.;,]{1,60}?\bto\s+(?:approve|sign\s+(?:\w+\s+)?off|confirm|okay|give\s+the\s+(?:ok|go))\b|"
    r"^\W*(?:(?:and|then|please|afterwards)\W+)*(?:have|let|lets|has)\s+[^.;,]{1,60}?\s(?:approve|sign\s+(?:\w+\s+){0,2}off|okay|give\s+the\s+(?:ok|go))\b|"
    r"\b(?:freigabe|genehmigung|zustimmung)\b[^.;]{0,60}?\b(?:abwarten|abgewartet|einholen|eingeholt|warten)\b|审批",
    re.IGNORECASE,
)


# "the channel gets a message": whom the words are about is told something.
_RECEIVES = re.compile(
    r"\b(?:gets?|receives?|erhält|erhalten|bekommt|bekommen|reçoit|reçoivent|recibe|reciben|recebe|recebem)\s+(?:an?|the|one|eine?n?|une?|la|el|um|uma)?\s*(?:\w+\s+)?"
    r"(?:messages?|e-?mails?|mails?|notes?|notices?|notifications?|alerts?|pings?|nachrichte?n?|hinweis|mensajes?|avisos?|correos?|mensage[mn]s?|courriels?)\b",
    re.IGNORECASE,
)


_LABELS: tuple[tuple[re.Pattern[str], Action, str], ...] = (
    (
        re.compile(
            r"^(?:extract|sources?|from|read|inputs?|quellen?|eingaben?|fuentes?|origen|origem|entradas?|entrées?)$",
            re.I,
        ),
        "extract",
        "extract",
    ),
    (
        re.compile(
            r"^(?:load|targets?|to|write|outputs?|sinks?|destinations?|ziele?|ausgaben?|destinos?|salidas?|saídas?|cibles?|sorties?)$",
            re.I,
        ),
        "load",
        "load",
    ),
    (
        re.compile(r"^(?:transform|transformations?|process|processing|model|enrichment)$", re.I),
        "transform",
        "transform",
    ),
    (re.compile(r"^(?:notify|notification|message|announce|tell|mail|on success)$", re.I), "notify", "notify"),
    (re.compile(r"^(?:check|checks|test|tests|quality|validate|validation)$", re.I), "check", "check"),
    (re.compile(r"^(?:wait|sensor|wait for)$", re.I), "wait_for", "wait for"),
)


def _label_action(words: Words, clause: Clause) -> tuple[Action, str] | None:
    """The action that a label before a colon names ("load: Postgres ops.issues")."""
    if clause.heading is None or (clause.verb is not None and clause.verb.strength > 2):
        return None
    label = clause.heading.of(words.text).strip()
    return next(((action, lemma) for pattern, action, lemma in _LABELS if pattern.match(label)), None)


def _noun_action(plain: str) -> tuple[Action, str]:
    for pattern, action, lemma in _NOUN_ACTIONS:
        if pattern.search(plain):
            return action, lemma
    return "none", ""
