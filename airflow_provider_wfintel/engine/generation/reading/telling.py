"""Sentences that only tell: what they speak of is no work of this DAG.

Each ground is a form of sentence: its subject, its tense, whom it addresses. A sentence that asks for work with
"should", "must", "will" or "has to" never only tells.
"""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.reading.clauses import Clause
from airflow_provider_wfintel.engine.generation.reading.frames import Words

__all__ = ["only_tells"]

_LITERAL = "\u25a1"
_LONGEST = 600
_ASKS = r"(?:should|must|will|shall|needs?\s+to|ha(?:s|ve)\s+to|(?:is|are)\s+to)\b"
_PAGES = r"(?:documentation|docs|wiki|read ?me|run ?book|handbook|guide|page|ticket|issue|bug|specification|source|repo(?:sitory)?)"
_WORK = r"(?:dags?|jobs?|pipelines?|workflows?|process(?:es)?|scripts?|cron ?jobs?|systems?|set-?ups?|versions?|ones?|teams?|projects?)"
_READERS = rf"(?:{_WORK}|models?|tables?|views?|reports?|dashboards?|consumers?|users?)"
_PAST = (
    r"(?:used\s+to|had|was|were|did(?:n't)?|broke|ran|got|made|built|wrote|found|saw|kept|spent|took|went|came|lost|sent|"
    r"(?!need|feed|seed|shed|shred|embed|speed|exceed|proceed|succeed)\w{2,}ed)\b"
)

_GROUNDS = (
    # A line that only gives an address: "Source: https://…", "Runbook - <link>".
    re.compile(
        rf"(?:(?:source\s+)?code|{_PAGES}|links?|references?|dashboards?|contacts?|details|more|jira|confluence|git|origin)\s*[:–—-]\s*[`<(\[]?{_LITERAL}+[`>)\]]?[\s.]*$"
    ),
    # Where one can read more: "see …", "for further details …", "the docs are at …".
    re.compile(
        rf"(?:also\s+)?see\b(?!\s+(?:if|whether|that)\b)|(?:for\s+)?(?:more|further|additional)\s+(?:information|info|details?|context|reading|background)\b|"
        rf"(?:refer\s+to|consult|have\s+a\s+look\s+at|look\s+(?:at|into)|check\s+out)\b.{{0,120}}(?:{_PAGES}|{_LITERAL})|"
        rf"(?:the\s+)?(?:source\s+)?(?:code|{_PAGES})\s+(?:is|are|lives?|sits?|resides?|can\s+be\s+found)\b"
    ),
    # A heading of the document: "Background: …", "the aim is …", "note that …".
    re.compile(
        r"(?:please\s+)?note\s*(?:that\b|[:,–—])|(?!(?:description|purpose)\s*:\s*(?:this|the|our)\s+(?:[\w-]+\s+)?(?:dag|job|pipeline|workflow)\s+(?!is\b|was\b|has\b)\w+s\b)(?:the\s+|our\s+)?(?:aims?|goals?|purpose|objective|idea|motivation|reasons?|background|context|description|"
        r"rationale|scope|owners?|caveats?|remarks?|disclaimer|todo|fyi)\s*(?:[:,–—]|-\s|of\b|is\b|are\b|was\b|behind\b|for\b)|for\s+(?:example|instance)\b"
    ),
    # The work of others: another DAG, the old script, whoever reads the result.
    re.compile(
        rf"(?:the\s+|our\s+)?(?:another|other)\s+(?:[\w-]+\s+){{0,4}}{_WORK}\b(?!\s+{_ASKS})|"
        rf"(?:the\s+|our\s+)?(?:downstream|upstream)\s+(?:[\w-]+\s+){{0,4}}{_READERS}\b(?!\s+{_ASKS})|"
        rf"(?:the|our|an?)\s+(?:old|previous|former|legacy|existing|current)\s+(?:\w+\s+)?{_WORK}\b(?!\s+{_ASKS})|"
        rf"(?:the\s+)?{_LITERAL}[\s{_LITERAL}]*dags?\b(?!\s+{_ASKS})|dags?\b(?!\s+(?:to|that|which|for)\s)(?!\s+{_ASKS})|"
        rf"(?:the|our|these|those|this|its|all)\s+(?:[\w-]+\s+){{1,4}}(?:is|are)\s+(?:\w+ly\s+)?(?:used|consumed|owned|maintained|queried|read|needed)\s+by\b"
    ),
    # How it was built, what it is good for: "this approach avoids …", "this ensures …", "the configuration includes …".
    re.compile(
        r"(?:this|the|our|that|such\s+an?)\s+(?:[\w-]+\s+){0,3}(?:solution|approach|set-?up|design|method(?:ology)?|architecture|implementation|configuration|settings|logic|code|separation|pattern|structure)s?\s+"
        r"(?:also\s+)?(?:is|are|avoids?|allows?|ensures?|makes?|helps?|keeps?|provides?|supports?|includes?|contains?|uses|follows|enables?|prevents?|reduces?|guarantees?|means)\b|"
        r"(?:this|it)\s+(?:also\s+)?(?:allows?|helps?|enables?|prevents?|avoids?|guarantees?|makes\s+(?:it|sure)|means)\b"
    ),
    # How the DAG is started and set up: "it is triggered by the other DAG", "must be run with …", "by default the DAG will …".
    re.compile(
        rf"(?:it|this|(?:the|this)\s+(?:[\w-]+\s+)?{_WORK})\s+(?:is|can\s+be|may\s+be|gets)\s+(?:\w+ly\s+)?(?:triggered|started|called|invoked)\s+by\b(?![^.;\n]*\sand\s)|"
        rf"(?:it|this|(?:the|this)\s+(?:[\w-]+\s+)?{_WORK})\s+(?:must|should|needs?\s+to|has\s+to|can)\s+(?:only\s+|also\s+)?be\s+(?:run|triggered|started|executed)\b|"
        rf"by\s+default,?\s+(?:it|this|(?:the|this)\s+{_WORK})\b|"
        rf"(?:it|this|(?:the|this)\s+{_WORK})\s+(?:relies|depends|is\s+based)\s+on\b|"
        r"(?:to|in\s+order\s+to)\s[^.;\n]{2,60},\s[^.;\n]{2,60}\b(?:must|should|can|has\s+to|needs?\s+to)\s+(?:be\s+)?(?:explicitly\s+)?set\b|"
        rf"this\s+is\s+an?\s+(?:[\w-]+\s+){{0,3}}{_WORK}\s+(?:that|which)\s+(?:should|can|must|may|is|will|you|was|has\s+to)\b"
    ),
    # What is there: "our database has the tables …", "the bucket holds …".
    re.compile(
        r"(?:our|the|this|that|we\s+have\s+an?)\s+(?:[\w-]+\s+){0,4}(?:database|schema|warehouse|bucket|server|instance|account|catalog|dataset|folder|lake)\s+"
        r"(?:also\s+)?(?:has|have|holds?|contains?|consists?\s+of|includes?|stores?)\b(?!\s+to\b)(?![^.;\n]{0,200}\b(?:then|copy|export|load|dump)\b)"
    ),
    # Where everything is: "all data is stored in the lake".
    re.compile(rf"all\s+(?:the\s+|of\s+the\s+|our\s+)?(?:[\w-]+\s+)?(?:data|files|tables|artifacts|results|outputs|objects)\s+(?:is|are)\s+(?:stored|kept|held|hosted|saved)\s+(?:in|on|at)\b(?![^.\n]*{_LITERAL})"),
    # What is left out: "rows without a name are skipped".
    re.compile(r"(?:existing\s+|known\s+|duplicate\s+|old\s+)?(?:rows|files|records|entries|objects|lines|duplicates|documents|messages|items)\b[^.;\n]{0,80}\b(?:are|is)\s+(?:skipped|ignored|left\s+out|excluded)\s*\.?\s*$"),
    # What may happen: "failures can be ignored", "errors in this job are …".
    re.compile(r"(?:the\s+|any\s+)?(?:task\s+|job\s+)?(?:failures?|errors?)\s+(?:in\b|of\b|can\b|may\b|might\b|do\b|are\b)"),
    # Advice to whoever runs the DAG: "you can …", "to backfill, …", "use the … flag".
    re.compile(
        r"(?:alternatively,?\s+|optionally,?\s+|here,?\s+|then,?\s+)?you\s+(?:can|may|might|could|need|will|have|also|don't|do\s+not)\b|"
        r"(?:once|when|after|before|if)\s+you(?:'ve|\s+have|\s+are)?\s+(?:set|creat|install|configur|deploy|enabl|merg|want|need|chang|add|clon|done|ready|happy)\w*|"
        r"to\s+(?:\w+ly\s+)?(?:re-?)?(?:run|backfill|parse|trigger|start|test|debug|deploy|enable|disable)\b.*\b(?:you|this|(?:the|a)\s+dag|click|button|ui|locally|by\s+hand)\b|"
        r"use\s+(?:the|an?)\s+(?:[\w-]+\s+){0,3}(?:parameters?|params?|flags?|options?|buttons?|arguments?|switch|ui|command\s+line)\b|"
        rf"use\s+the\s+(?:\w+\s+)?dag\s+{_LITERAL}|"
        r"(?:this|the|it|our)\s*(?:dag|job|pipeline|workflow)?\s*(?:requires?|needs?)\s+(?:the\s+(?:creation|following)|following|an?\s+(?:airflow\s+)?\w*\s?connection|airflow|access|permissions?)\b|"
        r"(?:this\s+)?requires\s+(?!approval|confirmation|sign)\w|"
        r"(?:make\s+sure|ensure)\s+(?:that\s+)?(?:you|(?:the|an?)\s+(?:\w+\s+)?(?:connection|variable|pool|provider|package))\b"
    ),
    # A rule for all steps: its number was read as a setting.
    re.compile(r"(?:each|every|any|all|no)\s+(?:single\s+)?(?:tasks?|steps?|jobs?)\s+(?:may|must|can|should|has|have|gets?|runs?|is|are)\b"),
    # What is only thought of: "we could also …", "maybe later …", "nice to have".
    re.compile(
        r"(?:we|it|this|one|they)\s+(?:could|might|may)\b|could\s+also\b|(?:maybe|perhaps|eventually|some\s?day|later)\s+(?:later\b|we\b|on\s+we\b)|"
        r"nice\s+to\s+have\b|in\s+(?:the\s+)?future\b"
    ),
)  # fmt: skip
_GROUND = re.compile("|".join(f"(?:{ground.pattern})" for ground in _GROUNDS), re.IGNORECASE | re.DOTALL)
_MAYBE = re.compile(
    r"\b(?:we could also|could also|might also|maybe later|some day|is not needed (?:now|yet)|nice to have|in the future|not needed now)\b",
    re.IGNORECASE,
)
_NARRATED = re.compile(
    r"(?:(?:so|because|since|but|and|previously|originally|historically|recently|yesterday|until\s+now|so\s+far|in\s+the\s+past|(?:last|this|the\s+other)\s+(?:week|month|year|quarter|night|day))\b,?\s+)*"
    r"(?:we|i|they|he|she|somebody|someone|(?:the|our|my)\s+(?:team|manager|boss|colleagues?|customers?|analysts?|predecessors?|vendor))\s+"
    rf"(?:(?:all|always|already|just|only|recently|originally|previously|have|never|simply)\s+)*{_PAST}",
    re.IGNORECASE,
)
_LONG_AGO = re.compile(
    r"\b(?:used\s+to|previously|originally|historically|yesterday|until\s+now|so\s+far|in\s+the\s+past|back\s+then|by\s+hand|ago|"
    r"last\s+(?:week|month|year|quarter|night|time))\b",
    re.IGNORECASE,
)


def only_tells(words: Words, clause: Clause) -> bool:
    """Whether the sentence of a clause is about something else: other work, the documents, how to operate the DAG.

    Sentences in the past tense tell if they say when that was, or name no service and no value.
    """
    if _MAYBE.search(words.plain(clause.span)):
        return True
    sentence = _sentence(words, clause)
    if _GROUND.match(sentence):
        return True
    if _NARRATED.match(sentence) is None:
        return False
    return bool(_LONG_AGO.search(sentence)) or not (
        words.services_in(clause.span) or words.slots_in(clause.span) or _LITERAL in sentence
    )


def _sentence(words: Words, clause: Clause) -> str:
    """The sentence of a clause from its start to its end, literals masked."""
    low = max(0, clause.span.start - _LONGEST)
    letters = list(words.text[low : clause.span.end + _LONGEST])
    high = low + len(letters)
    for entity in words.entities:
        for index in range(max(entity.span.start, low), min(entity.span.end, high)):
            letters[index - low] = _LITERAL
    masked = "".join(letters)
    own = clause.span.start - low
    start = max(masked.rfind(sign, 0, own) for sign in (".", "\n", "!", "?")) + 1
    ends = [end for sign in (".", "\n\n") if (end := masked.find(sign, clause.span.end - low)) >= 0]
    return masked[start : min(ends, default=len(masked))].lstrip(" \t\r\f\v-*•>#")
