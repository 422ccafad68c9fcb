"""Implied services: "the warehouse" in a text that names one warehouse, or for a deployment that has just one."""

from __future__ import annotations

import re
from collections.abc import Callable

from airflow_provider_wfintel.engine.catalog import Catalog
from airflow_provider_wfintel.engine.model import DeploymentContext, Mention, MentionRole, Span

__all__ = ["implied_mentions"]

_ARTICLE = (
    r"(?:the|our|a|my|your|their|das|dem|den|unser(?:e|em|en)?|ins|im|le|la|l'|notre|el|del|nuestro|o|no|nosso|ao|do)"
)
_WAREHOUSE = re.compile(
    rf"\b(?P<lead>into|to|in|from|of|onto|at|on|dans|en|para|{_ARTICLE})\s+(?:{_ARTICLE}\s+)?"
    r"(?:(?:central|company|corporate|analytics|analytical|cloud|main|reporting|existing)\s+)?"
    r"(?P<v>(?:data[\s-]?ware?house|ware?house|dwh|entrepôt de données|almacén de datos|armazém de dados))\b"
    r"(?!\s*(?:[`\"']|[A-Z0-9]+_[A-Z0-9_]+\b|size|manager|stock|address|worker|staff|location))",
    re.IGNORECASE,
)
_POD = re.compile(r"\b(?:(?P<operator>Kubernetes\s?Pod\s?Operators?)|pods?)\b", re.IGNORECASE)
_ADDRESS = r"[\w-]+(?:\.[\w-]+)+(?::\d+)?/[\w./-]+(?::[\w.-]+|@sha256:\w+)"
_IN_A_POD = re.compile(rf"\b(?:image|namespace)s?\b|\b{_ADDRESS}", re.IGNORECASE)
_CONTAINER = re.compile(
    rf"\b(?:run|start|launch|execute)\s+(?:the\s+|an?\s+|our\s+)?(?P<v>containers?|images?)\s+`?{_ADDRESS}",
    re.IGNORECASE,
)
_RUN_CONTAINERS = frozenset(
    {"kubernetes", "google_kubernetes_engine", "amazon_eks", "amazon_ecs", "azure_container_instances", "docker"}
)
_WORDS_OF_A_WAREHOUSE = re.compile(r"(?:^|[_\-.])(?:dwh|dw|wh|warehouse|edw)(?:$|[_\-.\d])", re.IGNORECASE)
_SOURCE_LEADS = frozenset({"from", "of", "del", "do"})
_CONFIDENCE = 0.8
_CATEGORY = "data_warehouse"


def implied_mentions(
    text: str,
    mentions: tuple[Mention, ...],
    catalog: Catalog,
    context: DeploymentContext,
    take: Callable[[str, str, str], None],
) -> tuple[Mention, ...]:
    """Mentions for the words that mean a service without naming it, in the order of the text.

    A pod is one of Kubernetes where its image or namespace is said. A warehouse that the text itself names comes
    first, then the only one that the deployment has a connection to. Where there are none or several, it stays a
    database whose connection is asked for.

    Args:
        text: the description.
        mentions: the services it names.
        catalog: what is known of services.
        context: what the deployment has.
        take: is told what was taken from the deployment: about, value, source.
    """
    chats = _chats(text, mentions)
    found = [
        (Span(*match.span("v")), match.group("lead").lower())
        for match in _WAREHOUSE.finditer(text)
        if not any(item.span.overlaps(Span(*match.span("v"))) for item in mentions if item.role != "passing")
    ]
    found = [(span, lead) for span, lead in found if not _apposition(text, span, mentions)]
    pods = _pods(text, mentions)
    if not found:
        return tuple(sorted((*chats, *pods), key=lambda item: item.span))
    service, connection = _named(mentions, catalog), ""
    if not service:
        service, connection = _deployed(catalog, context)
    if connection:
        take("warehouse", service, f"connection {connection}")
    warehouses = tuple(Mention(service or "sql", span, _role(lead), _CONFIDENCE, ()) for span, lead in found)
    return tuple(sorted((*warehouses, *chats, *pods), key=lambda item: item.span))


_CHANNEL = re.compile(
    r"\b(?:post|send|write|drop|put|share|message|notify|tell|ping|announce)\w*\s[^.;\n#]{0,80}?\b(?P<lead>in|to|into|on)\s+(?:the\s+)?(?:channel\s+)?#[a-z][\w-]{1,79}",
    re.IGNORECASE,
)
# "alert #ops": the channel is who is told.
_TOLD = re.compile(
    r"\b(?P<lead>post|message|notify|tell|ping|alert|inform|warn|page|dm)\s+(?:(?:the\s+)?channel\s+)?#[a-z][\w-]{1,79}",
    re.IGNORECASE,
)
_CHATS = frozenset(
    {
        "slack",
        "microsoft_teams",
        "discord",
        "mattermost",
        "rocket_chat",
        "google_chat",
        "telegram",
        "webex",
        "zulip",
        "dingtalk",
        "webhook",
    }
)


def _chats(text: str, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """Channels written with a hash are Slack's where the text names no other chat, and no word beside them says so."""
    named = [item for item in mentions if item.service in _CHATS and item.role != "passing"]
    if any(item.service != "slack" for item in named):
        return ()
    found = (match for pattern in (_CHANNEL, _TOLD) for match in pattern.finditer(text))
    leads = {Span(*match.span("lead")) for match in found}
    spans = sorted(span for span in leads if not any(_in_one(text, span, item.span) for item in named))
    return tuple(Mention("slack", span, "target", _CONFIDENCE, ()) for span in spans)


def _pods(text: str, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """Pods whose sentence names what runs in them, unless the text names the service that runs containers.

    A container whose image is said, in a text that names no service at all, is one of Docker.
    """
    named = {item.service for item in mentions if item.role != "passing"}
    found = [
        Mention("docker", Span(*match.span("v")), "tool", _CONFIDENCE, ())
        for match in _CONTAINER.finditer(text)
        if not named and not _POD.search(_sentence(text, Span(*match.span())))
    ]
    for match in _POD.finditer(text):
        span = Span(*match.span())
        if any(item.span.overlaps(span) for item in mentions if item.role != "passing"):
            continue
        by_class = match.group("operator") is not None
        if by_class or (not named & _RUN_CONTAINERS and _IN_A_POD.search(_sentence(text, span))):
            found.append(Mention("kubernetes", span, "tool", _CONFIDENCE, ()))
    return tuple(found[:1])


def _in_one(text: str, span: Span, other: Span) -> bool:
    """Whether two places stand in one sentence or line."""
    low, high = sorted((span, other))
    return re.search(r"\n|[.;!?]\s", text[low.end : high.start]) is None


def _sentence(text: str, span: Span) -> str:
    start = max(text.rfind(sign, 0, span.start) for sign in ("\n", ". ", "; ")) + 1
    ends = [end for sign in ("\n", ". ", "; ") if (end := text.find(sign, span.end)) >= 0]
    return text[start : min(ends, default=len(text))]


def _role(lead: str) -> MentionRole:
    return "source" if lead in _SOURCE_LEADS else "target"


def _apposition(text: str, span: Span, mentions: tuple[Mention, ...]) -> bool:
    """Whether the warehouse is named right beside the word: "our Snowflake warehouse", "the warehouse (Redshift)"."""
    for item in mentions:
        if item.role == "passing":
            continue
        between = text[span.end : item.span.start] if item.span.start >= span.end else text[item.span.end : span.start]
        if len(between) <= 6 and not re.search(r"[.;\n]|\b(?:to|into|from)\b", between):
            return True
    return False


def _is_warehouse(service: str, catalog: Catalog) -> bool:
    return service in catalog and catalog.service(service).category == _CATEGORY


def _named(mentions: tuple[Mention, ...], catalog: Catalog) -> str:
    services = {item.service for item in mentions if item.role != "passing" and _is_warehouse(item.service, catalog)}
    return services.pop() if len(services) == 1 else ""


def _deployed(catalog: Catalog, context: DeploymentContext) -> tuple[str, str]:
    """The service and the connection of the only warehouse of the deployment."""
    by_type = {
        item.connection_type: item.id
        for item in catalog.services
        if item.category == _CATEGORY and item.connection_type not in ("", "aws")
    } | {"redshift": "amazon_redshift", "google_cloud_platform": ""}
    found = [(by_type[kind], name) for name, kind in context.connections if by_type.get(kind)]
    if not found:
        databases = {
            "postgres": "postgres",
            "mysql": "mysql",
            "mssql": "mssql",
            "oracle": "oracle",
            "redshift": "amazon_redshift",
        }
        found = [
            (databases[kind], name)
            for name, kind in context.connections
            if kind in databases and _WORDS_OF_A_WAREHOUSE.search(name)
        ]
    return found[0] if len(found) == 1 else ("", "")
