"""The part that a named service plays, from the words around it."""

from __future__ import annotations

from airflow_provider_wfintel.engine.generation.mentions.matcher import Match
from airflow_provider_wfintel.engine.generation.mentions.tokens import Words
from airflow_provider_wfintel.engine.model import MentionRole

__all__ = ["role_of"]

_SOURCE = frozenset(
    {"from", "of", "out", "aus", "von", "de", "depuis", "desde", "read", "query", "new", "when", "pull", "fetch"}
)
_TARGET = frozenset({"to", "into", "onto", "nach", "vers", "hacia", "update", "load"})
_TOOL = frozenset({"via", "using", "with", "through", "by", "use", "run", "trigger", "mit", "per", "avec", "con"})
_PLACE = frozenset({"in", "on", "at", "auf", "dans", "sur", "en"})
_TELL = frozenset({
    "alert", "alerts", "notify", "notifies", "notification", "notifications", "message", "messages", "ping", "tell",
    "inform", "announce", "warn", "send", "sends", "post", "posts", "report", "remind", "page", "benachrichtige",
    "melde", "sende", "schicke", "avise", "envia", "notifie", "previens", "envoie",
})  # fmt: skip
_STORE = frozenset(
    {"save", "store", "log", "write", "create", "add", "insert", "put", "record", "append", "archive", "upsert"}
)
_CHANNELS = frozenset({"communication", "email", "notification", "monitoring"})
_TOOLS = frozenset({"ai", "compute", "data_processing", "orchestration", "data_integration", "scraping", "search"})
_NEUTRAL = frozenset(
    {"the", "a", "an", "our", "my", "your", "its", "their", "this", "all", "der", "die", "das", "dem", "la", "le", "el"}
)
_REACH = 6


def role_of(words: Words, match: Match, category: str) -> MentionRole:
    """The role of a mention that is part of the workflow."""
    index = match.first - 1
    word = words.neighbour(index, match.first)
    while word in _NEUTRAL and match.first - index < 4:
        index -= 1
        word = words.neighbour(index, match.first)
    told = any(form in _TELL for form in words.window(match.first, match.last, _REACH))
    if category in _CHANNELS and told and word not in {"from", "when", "new", "of"}:
        return "channel"
    if word in _SOURCE:
        return "source"
    if word in _TARGET:
        return "target"
    if word in _TOOL:
        return "tool"
    if word in _PLACE:
        window = words.window(match.first, match.last, _REACH)
        return "target" if any(form in _STORE for form in window) else "subject"
    if category in _TOOLS:
        return "tool"
    return "subject" if word else "unknown"
