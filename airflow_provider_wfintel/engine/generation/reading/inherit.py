"""Inheritance: what a step leaves unsaid because the words before or after it say it."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.reading.clauses import Clause
from airflow_provider_wfintel.engine.generation.reading.frames import Frame, Words
from airflow_provider_wfintel.engine.generation.reading.inherit_files import STORES
from airflow_provider_wfintel.engine.generation.reading.line import Line
from airflow_provider_wfintel.engine.generation.reading.slots import Slot
from airflow_provider_wfintel.engine.generation.reading.steps import (
    OwnedSlot,
    Step,
    read_step,
)
from airflow_provider_wfintel.engine.generation.reading.waits import somebody_agrees
from airflow_provider_wfintel.engine.model import Question, Span

__all__ = [
    "asks_for_a_rule",
    "first_values",
    "inherit",
    "inherit_named",
    "inherit_source",
    "on",
    "only_database",
    "passes_source",
    "with_image",
    "with_maintenance",
    "without_purpose",
]

_IMAGE = re.compile(
    r"\[?`(?P<v>[\w./:-]+)`\]?(?:\([^)\s]*\))?\s+(?:docker\s+|container\s+)*(?:image|container)\b", re.IGNORECASE
)


def with_image(words: Words, step: Step) -> Step:
    """A container step whose image is named elsewhere ("see the `exporter` docker image")."""
    if "docker" not in step.services or step.values("image"):
        return step
    match = _IMAGE.search(words.text)
    if match is None:
        return step
    slot = Slot("image", match.group("v"), Span(match.start("v"), match.end("v")), True)
    return replace(step, slots=(*step.slots, OwnedSlot(slot, "docker")))


def passes_source(line: Line, frame: Frame, following: Frame | None) -> bool:
    """Of "start the sync: HubSpot → for each owner get …": the first part names the source only."""
    if following is None or following.main.link != "arrow" or line.words.slots_in(frame.main.span):
        return False
    uses = line.words.services_in(frame.main.span)
    verb = frame.main.verb
    starts = verb is None or verb.lemma in ("kick off", "start", "run", "launch")
    if not uses or not starts or line.words.services_in(following.main.span):
        return False
    line.pending_source = uses[-1].service
    return True


def without_purpose(words: Words, step: Step, clause: Clause, length: int) -> Step:
    """The container step alone: services and values after "that …" belong to what it does inside."""
    head = Span(clause.span.start, clause.span.start + length)
    inner = read_step(words, Frame(clause), action="trigger", span=head)
    own = {item.slot for item in inner.slots}
    rest = tuple(replace(item, service="") for item in step.slots if item.slot not in own)
    docker = bool(re.search(r"\b(?:docker|container)", head.of(words.text), re.IGNORECASE)) or bool(
        step.values("image")
    )
    services = inner.services or (("docker",) if docker else ())
    return replace(
        step, action="trigger", source="", tool="", target=services[0] if services else "", slots=(*inner.slots, *rest)
    )


def first_values(step: Step, following: Step) -> Step:
    """Of "truncate first" takes the table of the step it comes before."""
    if step.slots:
        return step
    service = following.target or following.source
    kept = tuple(
        item
        for item in following.slots
        if item.slot.name in ("table", "path", "uri", "bucket") and item.service in ("", service)
    )
    return replace(step, target=step.target or service, slots=kept)


def inherit(line: Line, step: Step, frame: Frame, following: Frame | None) -> Step:
    """A step that names a table but no service works on the service that the table was last used with.

    "Check and remove the drafts in s3://x": a verb without an object shares the one of the verb after it.
    """
    if step.services:
        return step
    shares = following is not None and following.main.chunk == frame.main.chunk and following.main.link == "next"
    if (
        shares
        and following is not None
        and not step.slots
        and step.action in ("copy", "delete", "check", "extract", "query")
    ):
        other = read_step(line.words, following)
        same = [item for item in other.slots if item.service == (other.source or other.target)]
        if other.services and (
            other.action in ("delete", "check", "copy", "trigger") or (step.action == other.action and same)
        ):
            return replace(step, source=other.source or other.target, slots=tuple(same))
    if not line.steps:
        return step
    tables = {item.slot.value for item in step.slots if item.slot.name in ("table", "sql", "procedure")}
    if not tables and step.action not in ("query", "delete"):
        return step
    for earlier in reversed(line.steps):
        for item in earlier.slots:
            if item.service and any(item.slot.value in table or table in item.slot.value for table in tables):
                return on(step, item.service)
    return _on_same_schema(line, step)


def _on_same_schema(line: Line, step: Step) -> Step:
    """A statement that names the schema of a table ("REFRESH … pos.daily" after `pos.journal`) runs where that table lies.

    Where two databases have tables of that schema, it stays open which one is meant.
    """
    sql = " ".join((*step.values("sql"), *step.values("procedure")))
    services = {
        item.service
        for earlier in line.steps
        for item in earlier.slots
        if item.slot.name == "table" and item.service in _DATABASES and _has_schema_of(sql, item.slot.value)
    }
    return on(step, services.pop()) if len(services) == 1 else step


def _has_schema_of(sql: str, table: str) -> bool:
    schema, dot, _ = table.partition(".")
    return bool(dot) and re.search(rf"\b{re.escape(schema)}\.\w", sql, re.IGNORECASE) is not None


_DEFINITE = re.compile(
    r"\b(?:the|this|that|same|der|die|das|dem|den|la|le|el|los|las|o|a)\s+(?:(?:tmp|temp|temporary|staging)\s+(?=table\b))?(?P<noun>index|table|bucket|topic|instance|machine|vm|cluster|clúster|queue|collection|dataset|container|tabelle|tabla|tabela)\b(?!\s+(?:of|for|in(?!\s+(?:any|every|all)\b))\b)",
    re.IGNORECASE,
)
_SLOT_OF_NOUN = {
    "machine": "instance",
    "vm": "instance",
    "clúster": "cluster",
    "container": "bucket",
    "tabelle": "table",
    "tabla": "table",
    "tabela": "table",
}
_THERE = re.compile(
    r"\b(?:there|in the same (?:database|place|warehouse)|(?:in|auf) derselben datenbank|en la misma base|no mesmo banco|dort|là|ahí|allí|ali|lá)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(?:it|them|this|these|those|sie|es|ihn|le|les|lo|los|la|las)\b", re.IGNORECASE)
_ON_SAME = frozenset(
    {"analyze", "optimize", "vacuum", "refresh", "truncate", "drop", "terminate", "delete", "count", "compact", "start", "stop", "restart",
     "reboot", "resume", "pause", "suspend", "scale", "repair", "reindex", "clear", "empty", "rebuild", "recompute", "recalculate", "recreate", "regenerate",
     "materialize", "materialise"}
)  # fmt: skip
_SNAPSHOT = re.compile(r"\b(?:an?|the)\s+(?:\w+\s+)?(?:snapshot|backup)\b(?!\s+(?:of|from|in)\b)", re.IGNORECASE)
_OLD_ROWS = re.compile(r"\b(?:rows|records|entries|everything|data)\b", re.IGNORECASE)


_MAINTAINS = re.compile(
    r"\b(?:run|do|execute|perform)\s+(?:an?\s+)?(?P<verb>analy[sz]e|vacuum|optimize|compact)\b(?:\s+(?:on|for|over)\b)?",
    re.IGNORECASE,
)


def with_maintenance(line: Line, step: Step) -> Step:
    """Of "run ANALYZE on it": a statement about the table that was spoken of last, not a statement that is stated."""
    said = _MAINTAINS.search(step.words)
    if said is None or step.values("table") or step.values("sql_file"):
        return step
    verb = said.group("verb").lower().replace("analyse", "analyze")
    bare = re.compile(rf"{verb[:6]}\w*(?:\s+analy[sz]e)?(?:\s+(?:on|for|over))?", re.IGNORECASE)
    slots = tuple(
        item for item in step.slots if not (item.slot.name == "sql" and bare.fullmatch(item.slot.value.strip()))
    )
    if any(item.slot.name in ("sql", "command", "script", "job") for item in slots):
        return step
    line.heeded.extend(item.slot.span for item in step.slots if item not in slots)
    return _with_last(line, replace(step, action="query", lemma=verb, slots=slots), ("table",))


def inherit_named(line: Line, step: Step) -> Step:
    """Values that "the table", "the cluster" or "it" refer back to, with their service where the step names none."""
    for match in _DEFINITE.finditer(step.words):
        slot = _SLOT_OF_NOUN.get(match.group("noun").lower(), match.group("noun").lower())
        if step.values(slot):
            continue
        step = _with_last(line, step, (slot,))
        if not step.services and slot in ("cluster", "endpoint", "environment", "instance"):
            step = _on_maker(line, step, slot)
    if step.action in ("load", "copy") and not step.values("table") and _INTO_IT.search(step.words):
        return _into_last(line, step)
    if not step.services and _THERE.search(step.words):
        step = _on_the_last_place(line, step)
    if step.services or step.slots:
        return step
    verb = step.lemma.split(" ")[0]
    snapshot = verb in ("take", "create", "make") and _SNAPSHOT.search(step.words) is not None
    if snapshot or (verb in _ON_SAME and _PRONOUN.search(step.words)):
        return _with_last(line, step, ("table", "collection", "index", "cluster", "instance"))
    if step.action == "delete" and verb in ("delete", "remove", "purge") and _OLD_ROWS.search(step.words):
        return _with_last(line, step, ("table", "collection"))
    return step


def _on_the_last_place(line: Line, step: Step) -> Step:
    """Of "upload it to s3://a/b/ and delete objects older than 30 days there": service and folder of the step before."""
    earlier = next((item for item in reversed(line.steps) if item.services), None)
    if earlier is None:
        return step
    place = earlier.target or earlier.source
    if step.action != "delete" or place not in STORES:
        return on(step, place)
    folders = tuple(
        item
        for item in earlier.slots
        if item.service == place
        and item.slot.name in ("uri", "bucket", "prefix")
        and not _ENDS_IN_FILE.search(item.slot.value)
    )
    return on(replace(step, slots=(*folders, *step.slots)), place)


_ENDS_IN_FILE = re.compile(r"/[^/]*\.\w{1,8}$")
_INTO_IT = re.compile(
    r"\b(?:into|to)\s+(?:it|that table|this table|the same table)\b|\b(?:in|en|dans)\s+(?:dieselbe tabelle|ella|la misma tabla|la même table)\b",
    re.IGNORECASE,
)


_THE_TABLE = re.compile(r"\b(?:the|this|that|its)\s+(?:\w+\s+)?(?:table|rows|result)\b", re.IGNORECASE)


# "check whether the table has new rows; …, they are exported to s3://…": rows of the table that was just asked.
_THEM = re.compile(r"\b(?:them|they|these|those|sie|diese|les|los|las|elles|ellos)\b", re.IGNORECASE)


def _with_the_table(line: Line, step: Step) -> Step:
    """Of "check the table a.b; else export the table to gs://…": the table that was spoken of last."""
    asked = line.steps[-1] if line.steps else None
    rows = asked is not None and asked.action in ("check", "query") and bool(asked.values("table"))
    spoken = _THE_TABLE.search(step.words) or (rows and _THEM.search(step.words))
    if step.target not in STORES or not spoken:
        return step
    for earlier in reversed(line.steps):
        for item in earlier.slots:
            if item.slot.name == "table" and item.service in _DATABASES:
                return replace(step, source=item.service, slots=(item, *step.slots))
    return step


def _into_last(line: Line, step: Step) -> Step:
    """Of "truncate the table, then load … into it": the table that was spoken of last is written to."""
    for earlier in reversed(line.steps):
        for item in earlier.slots:
            service = item.service or earlier.target
            if item.slot.name == "table" and service and service != step.source:
                source = step.source or (step.target if step.target != service else "")
                return replace(step, source=source, target=service, slots=(*step.slots, replace(item, service=service)))
    return step


def _on_maker(line: Line, step: Step, noun: str) -> Step:
    """Of "terminate the cluster": the service of the step that spoke of the cluster first."""
    maker = next((item for item in line.steps if item.services and re.search(rf"\b{noun}\b", item.words, re.I)), None)
    return step if maker is None else on(step, maker.target or maker.source)


def _with_last(line: Line, step: Step, names: tuple[str, ...]) -> Step:
    for earlier in reversed(line.steps):
        # What was written to last comes before what was read for it.
        ordered = (
            sorted(earlier.slots, key=lambda item: item.service != earlier.target) if earlier.source else earlier.slots
        )
        for item in ordered:
            if item.slot.name in names and (not step.services or item.service in ("", *step.services)):
                service = item.service or earlier.target or earlier.source
                found = replace(step, slots=(*step.slots, replace(item, service=service)))
                return found if step.services else replace(found, target=service)
    return step


def only_database(words: Words, step: Step) -> Step:
    """A statement runs, and a table that is written to lies, in the one database that the text speaks of."""
    states = step.values("sql") or step.values("procedure") or step.values("sql_file")
    upkeep = (
        step.values("table")
        and step.lemma.split(" ")[0] in _ON_SAME
        and step.action in ("trigger", "query", "delete", "transform")
    )
    if not step.services and (states or upkeep) and not step.values("command"):
        named = {item.service for item in words.mentions if item.role != "passing" and item.service in _DATABASES}
        return on(step, named.pop()) if len(named) == 1 else step
    tables = [item for item in step.slots if item.slot.name == "table" and not item.service]
    if step.action not in ("load", "copy") or step.target or step.tool or not (step.values("table")):
        return step
    named = {item.service for item in words.mentions if item.role != "passing" and item.service in _DATABASES}
    if len(named) != 1:
        return step
    service = named.pop()
    if service == step.source:
        return step
    slots = tuple(
        replace(item, service=service) if item in tables or item.slot.name == "table" else item for item in step.slots
    )
    return replace(step, target=service, slots=slots)


_DATABASES = frozenset(
    [
        "postgres",
        "mysql",
        "mssql",
        "oracle",
        "sqlite",
        "snowflake",
        "amazon_redshift",
        "google_bigquery",
        "databricks",
        "trino",
        "presto",
        "vertica",
        "teradata",
        "exasol",
        "duckdb",
        "clickhouse",
        "timescaledb",
        "hive",
        "mariadb",
    ]
)


def inherit_source(line: Line, step: Step) -> Step:
    """Of "then export dbo.balances to a container": the table lies where the last database step worked."""
    tables = [item for item in step.slots if item.slot.name == "table"]
    if step.action != "copy" or step.source or not step.target or step.tool:
        return step
    if not tables:
        return _with_the_table(line, step)
    if step.target in _DATABASES and line.steps and line.steps[-1].target in STORES:
        # "…, land it in s3://…, copy it into Redshift table a.b": the file that was stored is what goes there.
        return step
    for earlier in reversed(line.steps):
        for service in (earlier.target, earlier.source):
            if (
                service
                and service != step.target
                and any(item.slot.name in ("table", "sql", "procedure") for item in earlier.slots)
            ):
                # Of "copy a.b to the table c.d": the first one is read, the other one is written.
                slots = tuple(
                    replace(item, service=step.target if item in tables[1:] and len(tables) == 2 else service)
                    if item in tables
                    else item
                    for item in step.slots
                )
                return replace(step, source=service, slots=slots)
    if line.told_of and line.told_of != step.target:
        slots = tuple(replace(item, service=line.told_of) if item in tables else item for item in step.slots)
        return replace(step, source=line.told_of, slots=slots)
    return step


_ODD = re.compile(
    r"\b(?:weird|odd|strange|wrong|off|suspicious|unusual|anomal\w*|bad|funny|komisch|seltsam|bizarre|raro)\b",
    re.IGNORECASE,
)


def asks_for_a_rule(line: Line, frame: Frame, step: Step) -> bool:
    """Of "tell me when the numbers seem odd": a check whose rule and whose channel are open."""
    grounds = [
        clause
        for clause in frame.conditions
        if _ODD.search(clause.span.of(line.words.text)) and not somebody_agrees(line.words, clause)
    ]
    if not grounds or step.action not in ("notify", "check", "trigger"):
        return False
    words = grounds[0].span.of(line.words.text)
    line.add(
        replace(
            step, action="check", lemma="check", words=f"check whether {words}", spans=(*step.spans, grounds[0].span)
        )
    )
    line.questions.append(
        Question("rule", f"Which rule, threshold or expected range decides that {words!r}?", (), grounds[0].span)
    )
    if step.action == "notify" and not step.services and not step.values("recipients") and not step.values("channel"):
        line.questions.append(
            Question(
                "alert_channel",
                "Who is alerted, and over which channel?",
                ("Slack", "e-mail", "webhook"),
                frame.main.span,
            )
        )
    return True


def on(step: Step, service: str) -> Step:
    """The step on a service that other words gave it."""
    slots = tuple(OwnedSlot(item.slot, item.service or service) for item in step.slots)
    return replace(step, target=service, slots=slots)
