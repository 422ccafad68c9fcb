"""Gaps: names that the words call for and do not give, and words too vague to build on. Each becomes a question."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.planning.choice import is_kind
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.reading.flow import Flow
from airflow_provider_wfintel.engine.generation.reading.frames import Words
from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.model import Span, TaskSpec

__all__ = ["find_gaps"]

_ARTICLE = r"(?:the|an?|our|another|its|some|der|die|das|den|dem|einen?|einem|eine|unseren?|le|la|les|un|une|notre|el|los|las|una|nuestr[oa]|o|a|um|uma|nosso|nossa)"
# What a noun calls for: the slots that would name it.
_NOUNS: dict[str, tuple[str, frozenset[str]]] = {
    r"buckets?": ("bucket", frozenset({"bucket", "uri", "arn"})),
    r"(?:tables?|tabellen?|tablas?|tabelas?)": (
        "table",
        frozenset({"table", "name", "identifier", "sql", "procedure", "items", "uri", "dataset", "view", "collection", "sql_file"}),
    ),
    r"(?:queues?|warteschlange|cola|fila)": ("queue", frozenset({"queue", "url", "arn", "name", "identifier"})),
    r"topics?": ("topic", frozenset({"topic", "name", "identifier", "resource", "arn"})),
    r"(?:channel|kanal|canal)": ("channel", frozenset({"channel", "name", "recipients", "message", "connection"})),
    r"(?:folder|directory|ordner|verzeichnis|dossier|carpeta|pasta)": (
        "folder",
        frozenset({"folder", "path", "uri", "prefix", "pattern", "name"}),
    ),
    r"(?:dashboard|workbook)": ("dashboard", frozenset({"workbook", "report", "dataset", "name", "identifier", "id", "uuid"})),
    r"(?:spreadsheet|google sheet)": ("spreadsheet", frozenset({"spreadsheet", "worksheet", "name", "id", "url", "uuid"})),
    r"(?:function|funktion|fonction|función|função)": ("function", frozenset({"function", "name", "identifier", "arn"})),
    r"(?:data ?lake|lake|warehouse)": ("target", frozenset()),
}  # fmt: skip
_UNNAMED = {
    noun: re.compile(rf"\b{_ARTICLE}\s+(?:[\w'’-]+\s+){{0,2}}?(?P<noun>{noun})\b", re.IGNORECASE) for noun in _NOUNS
}
_WORK = re.compile(
    rf"\b{_ARTICLE}\s+(?:[\w'’-]+\s+){{0,2}}?(?P<noun>jobs?|notebook|pipeline|workflow|crawler|script|quer(?:y|ies)|checks?|application|stored procedure|procedure|auftrag|abfragen?|consultas?|requêtes?)\b",
    re.IGNORECASE,
)
# "the channel Teams KPI", "the dashboard 15": a name follows, perhaps behind the service.
_NAMED_BEHIND = re.compile(
    r"\s+(?:(?!(?:on|in|of|at|for|to|from|and|then|when|with|auf|in|von|nach|sur|dans|en|de|no|na)\b)[\w-]+\s+)?[`'\"“#A-Z0-9]"
)
_NUMBER_NEAR = re.compile(r"\d")
_VAGUE = re.compile(
    r"\b(?:(?:the\s+)?(?:usual|appropriate|right|well-known|customary)\s+(?!time\b|after\b|now\b|away\b|before\b)[a-z]+(?:\s+(?:tables?|files?|people|reports?|checks?|place|folders?))?"
    r"|(?:let|tell|inform|notify|alert|mail|warn|ping)\s+(?:someone|somebody|whoever|the right people)\b|(?:someone|somebody)\s+(?:should|must|has to|needs to|ought to)\s+(?:be\s+)?(?:told|informed|notified|alerted|know|hear)\w*"
    r"|(?:large|big|huge|small|old|older|ancient|outdated|stale|important)\s+(?:ones|files?|tables?|partitions?|records?|rows?|backups?|data|entries|logs?|objects?|snapshots?)"
    r"|some(?:thing)?\s+(?:looks?|seems?|is)\s+(?:off|wrong|odd|strange)|good enough|(?:a few|several|some|many)\s+(?:times|retries)|a while|a bit later"
    r"|übliche[nrsm]?\s+\w+|jemand(?:em|en)?\s|große[nr]?\s+dateien|alte[nr]?\s+(?:dateien|partitionen|daten|backups)|ein paar\s?mal"
    r"|(?:le|la|les)\s+\w+\s+habituel\w*|quelqu'un|gros fichiers|anciens? (?:fichiers|partitions)|quelques fois"
    r"|(?:el|la|los|las)\s+\w+\s+(?:habitual(?:es)?|de siempre)|alguien|archivos grandes|(?:archivos|particiones) antigu[oa]s|algunas veces"
    r"|[oa]s?\s+\w+\s+(?:habitua(?:l|is)|de sempre)|alguém|arquivos grandes|arquivos antigos|algumas vezes)\b|通常的|相关人员|大文件|旧(?:数据|文件|分区)|几次",
    re.IGNORECASE,
)
_STATED_AFTER = re.compile(
    r"^[^.;\n]{0,60}?(?:(?<![\w/.])\d+\s?(?:[kmgt]b\b|(?![\w/]))|`|\bthan\b|\bals\b|\bque\b|#\w|@|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|thirty|sixty|ninety)\s+(?:day|week|month|hour|year))"
)


def find_gaps(desk: Desk, words: Words, flow: Flow, tasks: tuple[TaskSpec, ...]) -> None:
    """Ask for every name that is called for without being named, and for what vague words mean."""
    stated = {item.slot.name for step in flow.steps for item in step.slots}
    stated |= {slot.name for alert in flow.alerts for slot in alert.slots}
    for step in flow.steps:
        _unnamed(desk, words, step, stated)
        _nobody(desk, step, stated)
        _unnamed_work(desk, words, step, tasks)
        _unlisted(desk, step, tasks)
    _vague(desk, words)
    _unread_approval(desk, words, tasks)


def _unlisted(desk: Desk, step: Step, tasks: tuple[TaskSpec, ...]) -> None:
    """Of "for each region …": nothing is repeated as long as nobody says which regions there are."""
    # An "each" within the clause itself ("2 cores each") may say something else.
    if step.foreach is None or step.foreach.items or step.foreach.span in step.spans:
        return
    own = [task for task in tasks if set(task.evidence) & set(step.spans)]
    if any(task.mapping is not None or task.operator.recipe == "python_step" for task in own):
        return
    each = " ".join(step.foreach.noun.split())[:60] or "item"
    desk.notes.ask(
        "items",
        f"Over which items does 'for each {each}' go? Name them, or the step that lists them; until then the work is done once.",
        span=step.foreach.span,
        task_id=own[0].task_id if own else "",
    )


_APPROVES = re.compile(
    r"\b(?:to\s+(?:approve|sign\s+(?:\w+\s+)?off)|approv(?:al|ed\s+by)|sign-?off|green\s+light|go-?ahead|freigabe|freigegeben|"
    r"genehmig\w*|approbation|aprobación|aprovação)\b",
    re.IGNORECASE,
)


def _unread_approval(desk: Desk, words: Words, tasks: tuple[TaskSpec, ...]) -> None:
    """Nothing that a person must allow may run because the words for it were not read."""
    if any(task.action == "approve" or "human" in task.services for task in tasks):
        return
    for match in _APPROVES.finditer(words.blank):
        span = Span(*match.span())
        said = " ".join(words.text[max(0, span.start - 40) : span.end + 20].split())
        desk.notes.ask(
            "approval",
            f"Must a person approve before the work goes on, in '… {said} …'? No step of the DAG waits for one yet: "
            "say it as a step of its own, such as 'then wait for the approval of …'.",
            span=span,
            options=("yes", "no"),
        )
        return


def _plain(words: Words, step: Step) -> tuple[str, int]:
    """The words of a step without literals, and where they start in the text."""
    span = step.spans[0] if step.spans else Span(0, 0)
    return words.blank[span.start : span.end], span.start


def _asked(desk: Desk, *names: str) -> bool:
    return any(name in f"{item.about} {item.text[:40]}".lower() for item in desk.notes.questions for name in names)


def _unnamed(desk: Desk, words: Words, step: Step, stated: set[str]) -> None:
    text, offset = _plain(words, step)
    for noun, (kind, slots) in _NOUNS.items():
        match = _UNNAMED[noun].search(text)
        if match is None or stated & slots or _asked(desk, kind):
            continue
        if _NAMED_BEHIND.match(words.text[offset + match.end() : offset + match.end() + 40]):
            continue
        if kind == "target" and (step.target or step.tool or len(step.services) > 1 or not step.services):
            continue
        said = " ".join(match.group().split())
        span = Span(offset + match.start(), offset + match.end())
        if _is_known(desk, step, kind, said, span):
            continue
        desk.notes.ask(kind, f"Which {kind} is meant by {said!r}? The text does not name it.", span=span)


def _is_known(desk: Desk, step: Step, kind: str, said: str, span: Span) -> bool:
    """Whether something else says which one is meant: a command, the items of a list, the address of a webhook."""
    if kind == "channel" and step.target == "microsoft_teams":
        connection, _ = desk.connection(step, step.target)
        text = f"{said!r} is the channel whose webhook is behind the connection {connection!r}."
        desk.notes.assume("channel", text, span)
        return True
    each = step.foreach.noun.lower() if step.foreach is not None and step.foreach.items else ""
    return (kind == "folder" and bool(step.values("command"))) or (kind == "table" and each.startswith("table"))


_MAIL_WORD = re.compile(r"\b(?:e-?mails?|mails?|mailen|courriel|correo)\b|邮件", re.IGNORECASE)
_MAIL = frozenset({"smtp", "gmail", "sendgrid", "amazon_ses", "mailgun", "microsoft_outlook"})


def _nobody(desk: Desk, step: Step, stated: set[str]) -> None:
    """A mail without anybody to get it."""
    mail = step.target in _MAIL or (not step.target and _MAIL_WORD.search(step.words))
    if step.action != "notify" or not mail or "recipients" in stated or _asked(desk, "recipients"):
        return
    said = " ".join(step.words.split())[:80]
    desk.notes.ask("recipients", f"Who gets the mail of {said!r}? The text names no recipient.", span=desk.span(step))


def _unnamed_work(desk: Desk, words: Words, step: Step, tasks: tuple[TaskSpec, ...]) -> None:
    """A job, a query or a notebook that is to be run and has no name."""
    if step.action not in ("trigger", "transform", "train", "query", "check") or step.slots or not step.services:
        return
    text, offset = _plain(words, step)
    match = _WORK.search(text)
    own = [task for task in tasks if set(task.evidence) & set(step.spans)]
    if match is None or any(item.task_id in {task.task_id for task in own} for item in desk.notes.questions):
        return
    if _NUMBER_NEAR.search(step.words[match.end() :][:12]) or is_kind(step.target or step.source, "people"):
        return
    said = " ".join(match.group().split())
    span = Span(offset + match.start(), offset + match.end())
    desk.notes.ask(
        "job", f"Which {match.group('noun').lower()} is meant by {said!r}? The text does not name it.", span=span
    )


def _vague(desk: Desk, words: Words) -> None:
    for match in _VAGUE.finditer(words.blank):
        if _STATED_AFTER.match(words.text[match.end() : match.end() + 70]):
            continue
        said = " ".join(match.group().split())
        desk.notes.ask(
            "vague",
            f"What exactly is meant by {said!r}? The words leave it open.",
            span=Span(match.start(), match.end()),
        )
