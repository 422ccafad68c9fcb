"""Contradictions between steps, or steps and alerts, that a person must settle."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.reading.flow import Flow
from airflow_provider_wfintel.engine.generation.reading.frames import Words
from airflow_provider_wfintel.engine.model import Span

__all__ = ["find_contradictions"]

_AGE = re.compile(
    r"\b(?:older than|more than|over|after|älter als|plus de|más de|mais de)\s+(?P<n>\d+)\s*(?P<unit>day|week|month|year|tag|jour|día|dia)\w*",
    re.IGNORECASE,
)
_DAYS = {"day": 1, "tag": 1, "jour": 1, "día": 1, "dia": 1, "week": 7, "month": 30, "year": 365}


def _days(words: str) -> int | None:
    match = _AGE.search(words)
    return int(match.group("n")) * _DAYS[match.group("unit").lower()] if match else None


def find_contradictions(desk: Desk, flow: Flow, words: Words) -> None:
    """Warn where two statements of the text about its steps cannot both hold."""
    _lost_data(desk, flow)
    _kept_and_deleted(desk, words)
    _circles(desk, words)
    _told_and_not_told(desk, flow, words)


def _lost_data(desk: Desk, flow: Flow) -> None:
    """Warn and ask where a deletion would remove what another step is still to keep or copy."""
    kept = [
        (step, days)
        for step in flow.steps
        if step.action in ("copy", "load") and (days := _days(step.words)) is not None
    ]
    gone = [(step, days) for step in flow.steps if step.action == "delete" and (days := _days(step.words)) is not None]
    for keep, keep_days in kept:
        for drop, drop_days in gone:
            if drop_days < keep_days and (set(keep.services) & set(drop.services) or not keep.services):
                words = (
                    f"Contradiction: data is deleted after {drop_days} days but only archived after {keep_days} days, "
                    f"so it would be lost before it is archived. Which of the two ages is right?"
                )
                desk.notes.warn("retention", words, desk.span(drop))
                desk.notes.ask("retention", words, span=desk.span(drop))


_KEPT = re.compile(
    r"\b(?:keep|kept|retain\w*|retention|store[sd]? for|aufbewahr\w*|behalten|conserver|conservar|guardar)\b[^.;\n]{0,40}?(?P<n>\d+)\s*(?P<unit>day|week|month|year|tag|jour|día|dia)\w*",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"\b(?:delet\w*|remov\w*|drop|purg\w*|prun\w*|lösch\w*|supprim\w*|borr\w*|elimin\w*|apag\w*)\b[^.;\n]{0,60}?\b(?:older than|after|over|älter als|nach|plus de|más de|mais de)\s+(?P<n>\d+)\s*(?P<unit>day|week|month|year|tag|jour|día|dia)\w*",
    re.IGNORECASE,
)


def _kept_and_deleted(desk: Desk, words: Words) -> None:
    """Of "keep backups for 14 days. Delete backups older than 7 days": two ages for the same thing."""
    kept, gone = _KEPT.search(words.text), _GONE.search(words.text)
    if kept is None or gone is None:
        return
    keep, drop = (int(item.group("n")) * _DAYS[item.group("unit").lower()] for item in (kept, gone))
    if drop < keep:
        both = f"{_said(kept.group())} and {_said(gone.group())}"
        text = f"contradiction in the retention: {both}; the deletion is done as its own words say"
        desk.notes.warn("retention", text, Span(*gone.span()))


def _said(words: str) -> str:
    return repr(" ".join(words.split())[:80])


_AFTER = re.compile(
    r"\b(?:after|once|following|nachdem|nach|après|después de(?: que)?|depois (?:de|que))\b|(?:之后|以后)",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"\b(?:before|prior to|bevor|vor|avant|antes de(?: que)?)\b|之前", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_][\w.-]*|`[^`]+`")
# Words of every sentence; they name nothing that could stand in a circle.
_COMMON = re.compile(
    r"the|a|an|is|are|was|were|has|have|been|be|to|of|in|into|on|from|and|or|then|only|run|runs|load|loads|"
    r"loaded|finish|finishes|finished|done|complete|completed|copy|copied|table|job|task|step|data|file|files|"
    r"ready|it|its|this|that|may|must|can|starts|start|started|every|day|daily|all|with|for|by|at|up|built|build|"
    r"refresh|refreshed|der|die|das|ist|sind|wird|wurde|den|dem|und|tabelle|le|la|les|de|du|des|est|et|el|los|"
    r"las|una|un|en|y|se|o|os|as|da|do|e"
)


def _circles(desk: Desk, words: Words) -> None:
    """Warn of an order that runs in a circle ("A after B ... B after A")."""
    relations: list[tuple[frozenset[str], frozenset[str], Span]] = []
    at = 0
    for sentence in re.split(r"(?<=[.;!?])\s+|\n|,\s+(?:and|but|while)\s", words.text):
        at = words.text.find(sentence, at)
        for pattern, turned in ((_AFTER, False), (_BEFORE, True)):
            match = pattern.search(sentence)
            if match is None or not sentence[: match.start()].strip():
                continue
            left, right = _names(sentence[: match.start()]), _names(sentence[match.end() :])
            first, second = (left, right) if turned else (right, left)
            if first - second and second - first:
                relations.append((first - second, second - first, Span(at, at + len(sentence))))
            break
    for index, (first, second, span) in enumerate(relations):
        for earlier, later, other in relations[index + 1 :]:
            if first & later and second & earlier:
                both = f"{_said(span.of(words.text))} and {_said(other.of(words.text))}"
                text = f"contradiction: the order runs in a circle, {both}; the order of the words is used"
                desk.notes.warn("order", text, other)
                return


def _names(words: str) -> frozenset[str]:
    found = (match.group().strip("`.").lower() for match in _WORD.finditer(words))
    return frozenset(word for word in found if not _COMMON.fullmatch(word))


_NOT_TOLD = re.compile(
    r"\b(?:no|without|don't send|do not send|never send|not send|keine|ohne|pas d['’e]|aucune?|sin|sem|nenhum[a]?)\s+(?:any\s+|more\s+|de\s+)?"
    r"(?P<what>e-?mails?|mails?|notifications?|alerts?|messages?|benachrichtigungen|correos?|courriels?|avisos?|alertas?|alertes?|notificaciones|notificações)\b"
    r"(?!\s+(?:on|if|when|unless|for|bei|wenn|en cas|si|se|server|address))",
    re.IGNORECASE,
)


def _told_and_not_told(desk: Desk, flow: Flow, words: Words) -> None:
    """Of "mail ops on failure ... no mails": somebody is to be told and nobody is."""
    match = _NOT_TOLD.search(words.text)
    if match is None:
        return
    mail = "mail" in match.group("what").lower() or match.group("what").lower().startswith(("correo", "courriel"))
    told = [alert.service for alert in flow.alerts] + [step.target for step in flow.steps if step.action == "notify"]
    if any(not mail or service in ("smtp", "sendgrid", "gmail", "") for service in told):
        text = f"contradiction: {_said(match.group())}, and the text asks to tell somebody; the notice is kept"
        desk.notes.warn("alerts", text, Span(*match.span()))
