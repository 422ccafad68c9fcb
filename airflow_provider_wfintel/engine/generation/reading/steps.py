"""Steps: one thing to do each, read from a frame. Still in the words' terms, not in operators."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Literal, TypeAlias

from airflow_provider_wfintel.engine.generation.reading.actions import action_of
from airflow_provider_wfintel.engine.generation.reading.alerts import CHANNELS, DATA_PLACES
from airflow_provider_wfintel.engine.generation.reading.anyhow import rule_of, runs_still
from airflow_provider_wfintel.engine.generation.reading.clauses import Clause
from airflow_provider_wfintel.engine.generation.reading.conditions import Guard
from airflow_provider_wfintel.engine.generation.reading.frames import Frame, ServiceUse, Words
from airflow_provider_wfintel.engine.generation.reading.servers import as_connection
from airflow_provider_wfintel.engine.generation.reading.slots import Slot
from airflow_provider_wfintel.engine.model import Action, Span

__all__ = ["ForEach", "OwnedSlot", "Step", "read_step", "split_objects"]

Place: TypeAlias = Literal["source", "target", "only"]


@dataclass(frozen=True, slots=True)
class OwnedSlot:
    """A stated value and the service it belongs to (empty: the step as a whole)."""

    slot: Slot
    service: str = ""


@dataclass(frozen=True, slots=True)
class ForEach:
    """Repeat a step: for each `noun` of `items` (stated), or of what the step before found (no items)."""

    noun: str
    items: tuple[str, ...] = ()
    span: Span = Span(0, 0)
    place: tuple[Slot, ...] = ()
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do.

    Attributes:
        action: what is asked for.
        lemma: the verb, in its dictionary form.
        source: service that data comes from, empty if none is named.
        target: service that data goes to or that is acted on.
        tool: service that does the work for others ("with Airbyte").
        slots: stated values with the service they belong to.
        words: the clause, for names and labels.
        spans: the words behind it.
        foreach: whether it is repeated.
        guard: the condition before it.
        trigger_rule: rule if it is not the default.
        clause: the clause it was read from.
        heading: the words before a colon that introduce it.
        joins: whether it waits for all that came before ("when all are loaded").
        name: what the words call it ("load_orders: …"), empty if they do not.
        conditions: SQL conditions by which parameters of the DAG select its rows.
    """

    action: Action
    lemma: str = ""
    source: str = ""
    target: str = ""
    tool: str = ""
    slots: tuple[OwnedSlot, ...] = ()
    words: str = ""
    spans: tuple[Span, ...] = ()
    foreach: ForEach | None = None
    guard: Guard | None = None
    trigger_rule: str = "all_success"
    clause: Clause | None = None
    heading: str = ""
    joins: bool = False
    conditions: tuple[str, ...] = ()
    name: str = ""

    @property
    def services(self) -> tuple[str, ...]:
        """All services of the step, each once: source, tool, target."""
        return tuple(dict.fromkeys(item for item in (self.source, self.tool, self.target) if item))

    def values(self, name: str, service: str = "") -> tuple[str, ...]:
        """All values of a slot, those of `service` only if it is given."""
        return tuple(
            item.slot.value
            for item in self.slots
            if item.slot.name == name and (not service or item.service == service)
        )


_INTO = re.compile(
    r"(?:\b(?:to|into|onto|towards|nach|in den|in die|ins|zu|zum|vers|dans|a|al|hacia|para|ao?|nel|nella|nello|sul|sulla|naar|in de|in het)\b(?:\s+(?:the|our|an?|der|die|das|dem|den|le|la|les|el|los|o|os|as|my|google|target|new))*\s*"
    r"(?:[\w-]+\s+){0,3}$|→\s*$|->\s*$|到\s*$|写入\s*$|导入\s*$)",
    re.IGNORECASE,
)
# "into the table c.d of X": X is where it goes, though it stands behind an "of".
_INTO_A_THING = re.compile(
    r"\b(?:to|into|onto)\s+(?:(?:the|our|an?|its)\s+)?(?:table|view|collection|index|bucket|container|database|dataset|schema|topic|queue|folder|sheet)\s+"
    r"[`'\"]?[\w.$/-]+[`'\"]?\s+(?:of|in|on|at)\s+(?:the\s+|our\s+)?$",
    re.IGNORECASE,
)
# "load s3://x into y": what stands between the verb and "into" is where the data comes from.
_GOES_ON = re.compile(r"[`\"']?\s*(?:into|to|in die|in den|nach|dans|vers|en|a|para)\b", re.IGNORECASE)
# "stored in X": a place too, but only after the verb and if nothing says "to".
_IN = re.compile(
    r"\b(?:in|im|sur|en|em|no|na|on)\s+(?:(?:the|our|an?|der|die|das|dem|den|le|la|les|el|los|o|os|as|my)\s+)*(?:[\w-]+\s+){0,2}$",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"(?:\b(?:from|out of|of|off|aus|von|vom|depuis|de|du|des|desde|del|do|da|dos|dal|dalla|dallo|dai|di|uit|van)\b(?:\s+(?:het|il|the|our|an?|der|die|das|dem|den|le|la|les|el|los|o|os|as|my|google|source))*\s*(?:[\w-]+\s+){0,3}$|从\s*$)",
    re.IGNORECASE,
)
_WITH = re.compile(
    r"\b(?:with|via|through|uses?|using|by|over|mit|über|par|avec|con|mediante|com|usando|通过|用)\s+(?:the\s+|an?\s+)?$",
    re.IGNORECASE,
)
_ON = re.compile(r"\b(?:on|in|against|over|for|of)\s+(?:the\s+|our\s+)?$", re.IGNORECASE)
_TWO_SIDED = frozenset({"copy", "extract", "load", "transform", "none"})
_NEW_PLACE = re.compile(r"\s*(?:and\s+)?(?:to|into|onto)\s", re.IGNORECASE)
_JOINED_GAP = re.compile(r"^[`\"')]?\s*(?:(?:in|on|at|from|of|de|en|dans|im|in der|的)\s+)?(?:the\s+)?$", re.IGNORECASE)


def _roles(words: Words, span: Span, uses: tuple[ServiceUse, ...], action: Action) -> tuple[str, str, str]:
    """Source, target and tool among the services of a clause."""
    source = target = tool = ""
    rest: list[str] = []
    said_to = any(_INTO.search(words.text[max(span.start, use.span.start - 48) : use.span.start]) for use in uses)
    for use in uses:
        before = words.text[max(span.start, use.span.start - 48) : use.span.start]
        if not target and action in (*_TWO_SIDED, "none") and _INTO_A_THING.search(before):
            target = use.service
            continue
        if (
            use.implied
            and action in ("load", "copy")
            and not source
            and _GOES_ON.match(words.text[use.span.end : span.end])
        ):
            source = use.service
            continue
        if (
            len(uses) > 1
            and use is not uses[0]
            and action in ("check", "trigger", "transform", "train")
            and _ON.search(before)
            and not source
        ):
            source = use.service
        elif _WITH.search(before) and len(uses) > 1:
            tool = tool or use.service
        elif _comes_from(before) and action in (*_TWO_SIDED, "delete", "check", "query", "wait_for") and not source:
            source = use.service
        elif (_INTO.search(before) and action in (*_TWO_SIDED, "notify", "none") and (not target or source)) or (
            not said_to and _IN.search(before) and action in ("copy", "load", "notify") and not target
        ):
            target = use.service
        else:
            rest.append(use.service)
    source, target = _fill(rest, source, target, action)
    if action in ("check", "trigger", "transform", "train") and source and target and not tool:
        tool, target = target, ""
    if action in ("extract", "query", "wait_for") and target and not source:
        source, target = target, ""
    return source, target, tool


def _comes_from(before: str) -> bool:
    """Whether the words before a service say that data comes from it: "from X", but not "from there to X"."""
    placed = _FROM.search(before)
    return (
        placed is not None
        and _THERE_TO.match(before, placed.start()) is None
        and _GOES_IN.search(before, placed.start()) is None
    )


# "from a list into X": X is not where it comes from.
_GOES_IN = re.compile(r"\s(?:into|onto|to)\s", re.IGNORECASE)


_THERE_TO = re.compile(
    r"from\s+(?:there|it|here|(?:that|this|the\s+same)\s+\w+)\s+(?:in)?to\b|von\s+dort\s+(?:nach|in|auf)\b|de\s+(?:là|ahí|allí|lá)\s+(?:vers|à|a|hacia|para)\b",
    re.IGNORECASE,
)


def _fill(rest: list[str], source: str, target: str, action: Action) -> tuple[str, str]:
    """Places for the services that no preposition places."""
    for service in rest:
        if (action in ("copy", "extract", "none") and not source and (target or action == "extract")) or (
            action in _TWO_SIDED and target and not source and action != "load"
        ):
            source = service
        elif not target and service != source:
            target = service
        elif not source and service != target:
            source = service
    return source, target


def _own(text: str, slots: tuple[Slot, ...], uses: tuple[ServiceUse, ...]) -> tuple[OwnedSlot, ...]:
    """Give every value to the nearest service before it, else to the first one after it."""
    owned = []
    for slot in slots:
        inside = [use for use in uses if use.implied and use.span == slot.span]
        able = _able(slot, uses)
        before = [use for use in able if use.span.end <= slot.span.start]
        after = [use for use in able if use.span.start >= slot.span.end]
        near = (
            inside[:1]
            or ([after[0]] if after and _joined(text, slot, before, after) else [])
            or before[-1:]
            or after[:1]
        )
        service = near[0].service if near else ""
        if service == "airbyte" and slot.name == "connection" and _SYNC_ID.fullmatch(slot.value):
            slot = replace(slot, name="connection_uuid")  # what Airbyte calls a connection is a sync of its own
        owned.append(OwnedSlot(as_connection(slot, service), service))
    return tuple(owned)


_SYNC_ID = re.compile(r"(?=.*\d)(?!.*_)[0-9A-Za-z]+(?:-[0-9A-Za-z]+)+|[0-9a-f-]{8,}", re.IGNORECASE)
_KEEP_FILES = frozenset(
    {"amazon_s3", "google_cloud_storage", "azure_blob_storage", "azure_data_lake", "minio", "sftp", "ftp", "filesystem"}
)


def _able(slot: Slot, uses: tuple[ServiceUse, ...]) -> tuple[ServiceUse, ...]:
    """The services that can have such a value: stores of files have no tables where a database is named too."""
    if slot.name not in ("table", "schema") or slot.kind in ("path", "file"):
        return uses
    return tuple(use for use in uses if use.service not in _KEEP_FILES) or uses


def _joined(text: str, slot: Slot, before: list[ServiceUse], after: list[ServiceUse]) -> bool:
    """Whether the value stands right before a service ("`app.carts` in MariaDB", "orders table in MySQL")."""
    gap_after = after[0].span.start - slot.span.end
    gap_before = slot.span.start - before[-1].span.end if before else 10_000
    # Of "from X to a.b on Y": a new place begins with "to".
    parted = bool(before) and _NEW_PLACE.match(text[before[-1].span.end : slot.span.start]) is not None
    near = gap_after < gap_before or (parted and gap_after < 24)
    return bool(_JOINED_GAP.match(text[slot.span.end : after[0].span.start])) and near


def read_step(words: Words, frame: Frame, *, action: Action | None = None, span: Span | None = None) -> Step:
    """One step from a frame; its services are placed, its values owned."""
    clause = frame.main
    where = span or clause.span
    read_action, lemma = action_of(words, clause)
    uses = words.services_in(where)
    if not uses and clause.heading is not None:
        uses = tuple(replace(use, span=Span(where.start, where.start)) for use in words.services_in(clause.heading))
    chosen = action or read_action
    if (
        lemma == "execute"
        and uses
        and not any(slot.name in ("sql", "procedure", "sql_file", "table") for slot in words.slots_in(where))
    ):
        chosen = "trigger"
    if chosen == "notify" and uses and all(use.service in DATA_PLACES for use in uses):
        # "send the file to the bucket": nobody reads messages there.
        chosen = "load"
    if chosen == "load" and lemma == "go to" and uses and all(use.service in CHANNELS for use in uses):
        chosen = "notify"
    if chosen in ("copy", "load", "extract", "none") and uses and all(use.service in _SYNC_TOOLS for use in uses):
        # "Airbyte connection a and Fivetran connector b": they move data themselves, none of them to the other.
        chosen = "trigger"
    uses = _on_the_host(uses, chosen)
    if chosen in ("trigger", "train") and any(not use.implied for use in uses):
        uses = tuple(use for use in uses if not use.implied)
    source, target, tool = _roles(words, where, uses, chosen)
    addresses = sum(slot.name == "uri" for slot in words.slots_in(where))
    if chosen == "load" and lemma in _MOVES_ON and source and not target and addresses > 1:
        chosen, target = "copy", source
    if clause.heading is not None and chosen in ("load", "copy") and target and not source and uses:
        # "The inbox (IMAP): save the attachments to …": the heading says where they come from.
        others = [use.service for use in words.services_in(clause.heading) if use.service not in (target, "http")]
        source = others[0] if others else ""
    return Step(
        action=chosen,
        lemma=lemma,
        source=source,
        target=target,
        tool=tool,
        slots=(
            *_own(words.text, _as_message(words.text, words.slots_in(where), chosen), uses),
            *_from_heading(words, clause, uses),
        ),
        words=where.of(words.text).replace("**", ""),
        spans=(where,),
        clause=clause,
        heading=clause.heading.of(words.text) if clause.heading else "",
        trigger_rule="all_done" if runs_still(words, frame) else rule_of(words, clause),
    )


_SYNC_TOOLS = frozenset(
    {"airbyte", "fivetran", "hightouch", "census", "dbt", "google_dataform", "azure_data_factory", "google_data_fusion"}
)
# "push gs://a/ to gs://b/": from one place of a store to another.
_MOVES_ON = frozenset({"push", "upload", "put", "save", "stage"})
_RUN_IMAGES = frozenset(
    {
        "kubernetes",
        "google_kubernetes_engine",
        "amazon_eks",
        "amazon_ecs",
        "azure_container_instances",
        "google_cloud_run",
    }
)


def _on_the_host(uses: tuple[ServiceUse, ...], action: Action) -> tuple[ServiceUse, ...]:
    """Of "run the Docker image … on Kubernetes": Docker is the kind of image, Kubernetes what runs it."""
    hosts = [use for use in uses if use.service in _RUN_IMAGES]
    if action not in ("trigger", "transform", "train", "query") or not hosts:
        return uses
    return tuple(use for use in uses if use.service != "docker")


def _as_message(text: str, slots: tuple[Slot, ...], action: Action) -> tuple[Slot, ...]:
    """Quoted words that are sent are the message; code is one where it is called so or is what is sent."""
    if action != "notify":
        return slots
    return tuple(replace(slot, name="message") if _is_message(text, slot) else slot for slot in slots)


_SENT = re.compile(
    r"\b(?:message|text|note|alert|notification|nachricht|mensaje|mensagem|send|publish|post|say)[\s:`'\"]*$",
    re.IGNORECASE,
)


def _is_message(text: str, slot: Slot) -> bool:
    if slot.kind == "code" and slot.name in ("name", "command"):
        return _SENT.search(text[max(0, slot.span.start - 24) : slot.span.start]) is not None
    return slot.name == "name" and slot.kind == "quoted"


def _from_heading(words: Words, clause: Clause, uses: tuple[ServiceUse, ...]) -> tuple[OwnedSlot, ...]:
    """Values that the heading gives for a service of the clause ("The index product-search: upsert …")."""
    if clause.heading is None:
        return ()
    named = words.services_in(clause.heading)
    slots = tuple(slot for slot in words.slots_in(clause.heading) if slot.name != "identifier")
    owned = _own(words.text, slots, named)
    services = {use.service for use in uses}
    return tuple(item for item in owned if item.service in services)


_AND = {"it": "e", "nl": "en", "de": "und|sowie", "fr": "et", "es": "y|e", "pt": "e", "zh": "和|并"}
_ONE_SIDED = frozenset({"delete", "check", "trigger", "wait_for", "query", "notify", "extract", "load", "train"})
# Verbs whose objects belong together: "compare A and B" is one thing to do.
_TOGETHER = frozenset(
    {"compare", "reconcile", "join", "merge", "combine", "union", "vergleichen", "comparer", "comparar"}
)
_PLACING = r"(?:to|into|onto|in|from|with|using|via|through|on|of|nach|aus|von|vom|mit|in den|vers|dans|depuis|de|avec|desde|del|con|do|da|com|para)"
_DETERMINER = r"(?:(?:the|our|an?|all|new|der|die|das|den|dem|le|la|les|el|los|las|o|os|as)\s+)*"


@cache
def _marks(language: str) -> re.Pattern[str]:
    """What parts the objects of one verb: commas, and the "and" of English and of the text's own language."""
    own = f"|{_AND[language]}" if language in _AND else ""
    edge = "" if language == "zh" else r"\b"
    return re.compile(rf"(?:[,\u3001]|{edge}(?:and|as well as{own}){edge}|&)", re.IGNORECASE)


# "from A and, in parallel, from B": said between the two.
_BESIDE = re.compile(
    r",?\s*\b(?:in\s+parallel|at\s+the\s+same\s+time|simultaneously|gleichzeitig|parallel|en\s+parallèle|en\s+paralelo|em\s+paralelo|also|likewise)\b\s*,?",
    re.IGNORECASE,
)


def _is_list(words: Words, uses: list[ServiceUse]) -> bool:
    """Whether services stand in one list: between any two a joiner, then no more than the place word of the first."""
    opening = re.search(
        rf"\b({_PLACING})\s+{_DETERMINER}$", words.blank[max(0, uses[0].span.start - 24) : uses[0].span.start]
    )
    same = rf"(?:(?:[\w-]+\s+){{0,3}}{re.escape(opening.group(1))}\s+)?" if opening else ""
    tail = re.compile(rf"\s*{same}{_DETERMINER}$", re.IGNORECASE)
    for left, right in pairwise(uses):
        gap = _BESIDE.sub(lambda said: " " * len(said.group()), words.blank[left.span.end : right.span.start])
        last = list(_marks(words.language).finditer(gap))[-1:]
        if (
            not last
            or not tail.fullmatch(gap[last[0].end() :])
            or re.search(rf"\b{_PLACING}\b", gap[: last[0].start()])
        ):
            return False
    return True


def _split_sources(words: Words, step: Step, uses: list[ServiceUse]) -> tuple[Step, ...]:
    """One step per source of "copy A and B to C"; none if the services stand otherwise."""
    if (
        step.action not in ("copy", "load", "extract")
        or len(uses) < 3
        or len({use.service for use in uses}) < len(uses)
    ):
        return ()
    last = uses[-1]
    placed = _INTO.search(words.text[max(0, last.span.start - 48) : last.span.start])
    if placed is None or step.lemma.split(" ")[0] in _TOGETHER or not _is_list(words, uses[:-1]):
        return ()
    return tuple(
        replace(
            step,
            action="copy",
            source=use.service,
            target=last.service,
            tool="",
            slots=tuple(item for item in step.slots if item.service in (use.service, last.service)),
        )
        for use in uses[:-1]
    )


def split_objects(words: Words, frame: Frame, step: Step) -> tuple[Step, ...]:
    """One step for every object of the same verb ("delete … from A, … from B and C"); else the step itself."""
    clause = frame.main
    uses = [use for use in words.services_in(clause.span) if use.service not in ("http", "webhook")]
    sources = _split_sources(words, step, uses)
    if sources:
        return sources
    if step.action not in _ONE_SIDED or len({use.service for use in uses}) < 2 or step.lemma.split(" ")[0] in _TOGETHER:
        return (step,)
    listed = _is_list(words, uses)
    if not listed and (step.tool or (step.source and step.target and step.action in ("extract", "load"))):
        return (step,)
    cuts = [clause.span.start]
    for left, right in pairwise(uses):
        gap = words.blank[left.span.end : right.span.start]
        marks = list(_marks(words.language).finditer(gap))
        if listed:
            marks = marks[-1:]
        if not marks or re.search(
            r"\b(?:to|into|in|from|with|using|via|on|of)\s*(?:the\s+)?$", gap[: marks[0].start()]
        ):
            return (step,)
        cuts.append(left.span.end + marks[0].start())
    pieces = []
    for begin, end in zip(cuts, [*cuts[1:], clause.span.end], strict=True):
        piece = read_step(words, frame, action=step.action, span=Span(begin, end))
        pieces.append(replace(piece, lemma=step.lemma, foreach=step.foreach, joins=step.joins))
    return tuple(pieces)
