"""Clauses: the text cut into pieces that say one thing each, with how each follows on from the one before.

First hard boundaries (lines, bullets, sentence ends, arrows), then subordinate openings ("once …", "if …",
"for each …", "before …"), then one cut before every further verb that stands in a list of verbs.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from typing import Literal, TypeAlias, cast

from airflow_provider_wfintel.engine.generation.reading.edges_of_clauses import (
    end_of_noun,
    loose_end,
    only_joins,
    says_independent,
    with_bullets_for_numbers,
    within_brackets,
)
from airflow_provider_wfintel.engine.generation.reading.items import find_items
from airflow_provider_wfintel.engine.generation.reading.lexicon import VerbUse, words_file
from airflow_provider_wfintel.engine.generation.reading.openings import openings, opens_nothing
from airflow_provider_wfintel.engine.model import Span

__all__ = ["Clause", "ClauseKind", "Link", "split_clauses"]

ClauseKind: TypeAlias = Literal["main", "condition", "temporal", "before", "foreach"]
Link: TypeAlias = Literal["start", "then", "next", "parallel", "arrow", "attached"]
"""How a clause follows on: `then` is said, `next` is only the order of words, `attached` qualifies the main
clause beside it."""

_MASK = "\u25a1"
_LINE = 200
"""How far around a place is looked to judge it."""
_BULLET = re.compile(
    r"\s*(?:(?:[-*•–+◦▪‣·○]|\(?\d{1,2}[.)]|[a-zA-Z][.)])(?:\s+|(?=\ue000))|(?:\d{1,2}|[一二三四五六七八九十]{1,2})(?:[\u3001\uff0e]|[.)](?=[\u4e00-\u9fff])))"
)
_LABELLED = re.compile(r"[ \t]*[^\W\d_][\w ]{1,20}:[ \t]")
_ELSE = (
    "otherwise|else|if not|sonst|andernfalls|sinon|autrement|si no|de lo contrario|en otro caso|senão|caso contrário"
)
_OTHERWISE = re.compile(rf"(?:{_ELSE})\b[\s,:]*", re.IGNORECASE)
# "copy it, ask the DBA for approval": somebody is asked, which is work of its own.
_ASKING = (
    r"(?:(?:and|then|und|dann|et|puis|y|luego|e|depois)\s+)?(?:ask\w*|get|gets|obtain|request|seek|await|wait\s+for|hol(?:e|en|t)?|demander|obtenir|attendre|pedir|solicitar|obtener|"
    r"obter|aguardar|esperar)\s[^.;,\n]{0,60}?\b(?:approvals?|sign-?offs?|go-?ahead|green light|consent|freigabe|genehmigung|zustimmung|approbation|accord|validation|aprobación|visto bueno|"
    r"aprovação)\b"
)
# "export of a to b, purge of the keys, a run of the image": work that nouns ask for.
_WORK_NOUN = (
    r"(?:exports?|dumps?|cop(?:y|ies)|syncs?|transfers?|backups?|replication|unload|migration|imports?|ingestion|loads?|uploads?|upserts?|downloads?|extraction|scrape|purges?|deletion|"
    r"clean-?up|(?:re)?training|evaluation|validation|promotion|publication|deployment|refresh|rebuild|reload|runs?|execution|(?:re)?start|calls?|invocation|scoring|reindex(?:ing)?|"
    r"aggregation|conversion|transformation|anonymi[sz]ation|compression|notification)"
)
# Runs of blanks are bounded: words about the schedule are blanked out and would be tried from every place in them.
_BOUNDARY = re.compile(
    r"(?P<blank>\n[ \t]*\n)|(?P<line>\n)|(?P<arrow>\s{0,40}(?:→|-{1,40}>|=>|⇒|➜|»)\s*|[ \t]{1,40}[>|][ \t]+(?!\d))|(?P<stop>[.!?…]+(?=\s|$|[A-Z][a-z]|\ue000))|(?P<zh>[\u3002\uff01\uff1f\uff1b])|(?P<semi>;)|"
    rf"(?P<else>\s{{0,40}}[,–—-]\s*(?:(?:and|or|but|und|et|y|e)\s+)?(?=(?:{_ELSE})\b(?!\s+than)))|"
    rf"(?P<approval>(?:,\s{{0,40}}|\s{{1,40}}(?:and|und|et|y|e)\s)(?={_ASKING}))|"
    rf"(?P<noun>,\s{{1,40}}(?:and\s+|then\s+){{0,2}}(?=(?:an?\s+|the\s+)?(?:\w+\s+)?{_WORK_NOUN}\s+(?:of|with|through|via|by|using|from)\b(?![^.;\n]{{0,80}}\b(?:is|are|was|were|has|have)\b)))|"
    r"(?P<event>,\s{0,9}(?:and\s+|but\s+)?(?=(?:on|upon|bei|en\s+cas\s+d[e'])\s?(?:(?:every|each|any)\s+)?(?:failures?|retry|retries|success|errors?|deadline|fehlern?|erfolg|échec|succès)\b))|"
    r"(?P<alert>,?\s{1,40}(?=(?:and\s+)?with\s+(?:an?\s+)?(?:deadline|failure|error)\s+alerts?\b))|"
    r"(?P<next>,\s{1,20}(?=next,?\s+(?:the|an?|our|run|start|comes?)\b))|"
    r"(?P<number>(?<=[^\n])\s{1,40}(?=\(?[1-9a-h]\)\s))|"
    r"(?P<then>(?:,|\band\b|&|\bund\b|\bet\b|\by\b|\be\b)?\s{1,40}(?=(?:then|ask\w*(?=\s+[^.;,]{1,80}?\s+to\s+(?:approve|sign|confirm|okay))|after that|after it(?!\s+(?:is|has|was|had|finish\w*|complet\w*|succe\w*|ends?|runs|lands?|arrives?|pass\w*|fails?|starts|loads)\b)|afterwards(?!\s*(?:[.,;!?]|$|even\b|no matter|whatever|regardless|and\b))|followed by|danach|anschließend|gefolgt von|puis|ensuite|suivie? d[eu']|luego|seguid[oa] de|seguid[oa] por|en seguida|em seguida)\b))|"
    r"(?P<comma>[,\uff0c\u3001]\s*(?=然后|之后|完成后|随后|接着|最后|再|全部完成|都完成|如果|若|否则|失败|出错|异常|出现异常))"
)
_LIST_NUMBER = re.compile(r"(?:^|\n)\s*\(?(?:\d{1,2}|[a-zA-Z])$")
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|z\.B|etc|approx|incl|vs|no|nr|resp|bzw|p\.ej|a\.m|p\.m)\.$", re.IGNORECASE)


_JOINER_END = re.compile(r"[\s,]+(?:and|und|et|y|e|but|aber|mais|pero)$", re.IGNORECASE)
_PASSIVE = re.compile(
    r"\b(?:is|are|gets?|(?:should|must|will|to) be|wird|werden|est|sont|se)\s+(?:then\s+)?$", re.IGNORECASE
)
_CONJUNCTION = re.compile(r"(?:,\s*|\s+)(?:and|und|et|y|e)\s+(?!.*(?:,|\band\b|\bund\b|\bet\b))", re.IGNORECASE)


# ", a spec is submitted": behind a comma, what is worked on opens the next piece of work.
_NEXT_SUBJECT = re.compile(
    r",\s*(?=(?:the|an?|its|our|all|both|every|each|one|der|die|das|eine?|la|le|les|el|los|las|una?|uma?)\s+(?!(?:.*,))(?:[\w\u25a1.()/'#-]+\s+){1,9}$)",
    re.IGNORECASE,
)


def _passive_cut(between: str, verb: VerbUse) -> re.Match[str] | None:
    """The cut before the subject of a passive verb ("… and the dashboard is refreshed")."""
    if verb.form != "past" or not _PASSIVE.search(between):
        return None
    return _CONJUNCTION.search(between) or _NEXT_SUBJECT.search(between)


# "… holt, sie in die Tabelle … schreibt": German clauses end with their verb.
_BEHIND_VERB = re.compile(
    r"\s*(?:,|,?\s+(?:und|sowie))\s+(?=(?:sie|ihn|es|diese\w*|die|den|das|der|einen?|eine|danach|dann)\b)|\s+als\s+auch\s+"
)
_DUTCH_AND = re.compile(r"\s+en\s+(?:daarna\s+|dan\s+)?$")
_HANDLING = frozenset({"orchestrate", "orchestrates", "automate", "handle", "perform", "do", "run"})
_MAKING = frozenset(
    {"create", "build", "make", "generate", "write", "run", "start", "schedule", "do", "automate", "orchestrate"}
)
_RUNNING = frozenset({"run", "start", "do"})
# "create a task that queries …": the work is in the second verb.
_META = re.compile(
    r"^\s(?:an?|the|me|us|my|new|simple|daily|nightly|hourly|weekly|monthly|airflow|[\s\u25a1])*(?:task|dag|pipeline|job|workflow|step(?!\s{1,9}functions?\b)|process|flow)s?\b"
    r"(?:[^.;]*\b(?:that|which|to|named|called)\b|[^.;\u25a1]*(?P<and>\band\b))[\s\u25a1]*(?:that|which|to)?\s*$",
    re.IGNORECASE,
)
_TWO_SIDED_PAST = re.compile(
    r"^(?:download|load|copy|move|upload|export|import|transfer|archive|write|store|save|insert|merge|append|upsert|publish|send|announce|register|convert|aggregate)$"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of text that says one thing.

    Attributes:
        span: its words, without bullets and connectives.
        kind: `main` asks for something; the others qualify the main clause they are `attached` to.
        link: how it follows on from what was said before.
        verb: the verb that carries it, if there is one.
        opening: the word that opened a qualifying clause (`once`, `if`, ...).
        heading: the words before a colon that introduce the clause ("tidy up: remove …").
        chunk: number of the sentence or line it stands in.
        item: number of the bullet it stands in, 0 if it stands in none.
    """

    span: Span
    kind: ClauseKind = "main"
    link: Link = "next"
    verb: VerbUse | None = None
    opening: str = ""
    heading: Span | None = None
    chunk: int = 0
    item: int = 0


# "after it has run" tells when; "after it run …" is "then run …".
_DONE_AFTER = r"after\s+it\s+(?:is|has|was|had|finish\w*|complet\w*|succe\w*|ends?|runs|lands?|arrives?|pass\w*|fails?|starts|loads)\b"


@cache
def _connectives() -> tuple[re.Pattern[str], re.Pattern[str]]:
    lists = cast("dict[str, list[str]]", words_file("connectives"))
    then = "|".join(re.escape(word) for word in sorted(lists["then"], key=len, reverse=True))
    parallel = "|".join(re.escape(word) for word in sorted(lists["parallel"], key=len, reverse=True))
    joiners = "|".join(re.escape(word) for word in sorted(lists["joiners"], key=len, reverse=True))
    lead = re.compile(
        rf"[\s,:;.–—\uff0c\uff1a\uff1b-]*(?:(?:(?P<then>(?!(?:después|depois)\s+d)(?!{_DONE_AFTER})(?:{then}))|(?P<parallel>{parallel})|(?P<joiner>{joiners}|also|please|pls|just))(?:(?![\w-])|(?<=[\u4e00-\u9fff]))[\s,:\uff0c\uff1a]*)+",
        re.IGNORECASE,
    )
    cut = re.compile(
        rf"(?:\s*[,\uff0c\u3001(]\s*(?:(?:{joiners})\s+)?|\s+(?:{joiners}|or)\s+|\s*&\s*|\s*\+\s*|\s+(?={then}))"
        rf"(?:(?:{then}|{parallel}|also|please|but|always|in the end|at the end|in any case|finally|later|afterwards|should|must|will|now|to|be|is|are|we|it|i|then|se|on|nous|é|são|está|es|son|est|sont|wird|werden|man|wir|ha|hay que|hat|each|all|les|la|le|los|las|lo|os|as|sie|es|ihn|diese|them|him)[\s,]*)*$",
        re.IGNORECASE,
    )
    return lead, cut


@dataclass(frozen=True, slots=True)
class _Chunk:
    start: int
    end: int
    link: Link
    item: int


def _masked(text: str, protected: tuple[Span, ...]) -> str:
    letters = list(text)
    for span in protected:
        for index in range(span.start, span.end):
            letters[index] = _MASK
    return "".join(letters)


def _line_breaks(clean: str, at: int) -> bool:
    """Whether the newline at `at` ends what was said (a wrapped line of running text does not)."""
    before = clean[max(0, at - _LINE) : at].rstrip(" \t")
    if (
        _BULLET.match(clean, at + 1)
        or not before
        or before[-1] in ":.!?;,\u3002\uff1a\uff1b\uff0c\uff01\uff1f"
        or _LABELLED.match(clean, at + 1)
    ):
        return True
    following = clean[at + 1 : at + _LINE].lstrip(" \t")
    last_line = before[before.rfind("\n") + 1 :]
    return not following[:1].islower() and len(last_line) < 70


def _chunks(clean: str) -> list[_Chunk]:
    chunks: list[_Chunk] = []
    start, item = 0, 0
    link: Link = "start"
    counter = 1 if _BULLET.match(clean) else 0
    item = counter
    inline = False
    for match in _BOUNDARY.finditer(clean):
        kind = match.lastgroup
        if kind == "stop" and _LIST_NUMBER.search(clean, max(0, match.start() - _LINE), match.start()):
            continue
        if kind == "stop" and (
            _ABBREVIATION.search(clean, max(0, match.end() - 10), match.end())
            or clean[match.end() : match.end() + 1] == "."
        ):
            continue
        if kind == "line" and not _line_breaks(clean, match.start()):
            continue
        if _says_something(clean[start : match.start()]):
            chunks.append(_Chunk(start, match.start(), link, item))
        if kind == "arrow":
            link = "arrow"
        else:
            link = "next"
            bullet = _BULLET.match(clean, match.end()) if kind in ("line", "blank") else None
            if bullet or kind == "number":
                counter += 1
                item = counter
            elif kind == "blank" or (inline and kind == "stop") or (kind == "line" and _at_margin(clean, match.end())):
                item = 0
            inline = kind == "number" or (inline and kind != "line" and item > 0)
        start = match.end()
    if _says_something(clean[start:]):
        chunks.append(_Chunk(start, len(clean), link, item))
    return chunks


def _at_margin(clean: str, start: int) -> bool:
    """Whether a line begins with a letter: behind a list it is no part of the last item."""
    return clean[start : start + 1].isalpha()


def _says_something(piece: str) -> bool:
    return _MASK in piece or any(letter.isalpha() for letter in piece)


# "#freight": no heading of Markdown.
_CHANNEL = re.compile(r"#[\w-]")


def _trim(text: str, start: int, end: int) -> Span:
    while (
        start < end
        and not _CHANNEL.match(text, start)
        and text[start] in " \t\n\r,;:.-–—•◦▪‣·○*)!?\u3002\uff0c\uff1a\uff1b\u3001#"
    ):
        start += 1
    while end > start and text[end - 1] in " \t\n\r,;:–—(\u3002\uff0c\uff1a\uff1b\u3001":
        end -= 1
    return Span(start, end)


def _strip_lead(clean: str, start: int, end: int, link: Link) -> tuple[int, Link]:
    bullet = _BULLET.match(clean, start, end)
    if bullet:
        start = bullet.end()
    match = _connectives()[0].match(clean, start, end)
    if match and match.end() < end:
        start = match.end()
        if match.group("parallel"):
            link = "parallel"
        elif match.group("then"):
            link = "then"
    return start, link


# "Nach dem Export wird …", "nach dem Laden den Job starten": the work goes on behind the noun.
_AFTER_NOUN = re.compile(
    r"(?<=[Nn]ach)\s+(?:dem|der|den|beiden|allen)\s+(?:(?:beiden|drei|letzten|ersten)\s+)?[A-ZÄÖÜ][\w-]+(?=\s+(?:wird|werden|soll|sollen|muss|müssen|ist|sind|den|die|das|ein|eine|einen|noch|\u25a1|[A-ZÄÖÜ]))"
)
# "If it says 'x' the job is run": the consequence opens with its subject.
_CONSEQUENCE = re.compile(
    r"\b(?:is|are|was|has|have|had|says|reads|holds|returns|gives|equals|contains|exists|shows|finds)\b[^,;]{0,160}?(?P<gap>\s+)"
    r"(?=(?:the|an?|our|#[\w-]+|\u25a1+(?!\s+(?:the|an?|our|#)))\s+(?:[\w\u25a1.#()-]+\s+){0,6}(?:is|are|gets?|should be|must be)\s+(?:then\s+)?[a-z]+)"
)
_PRONOUN = re.compile(r"\b(?:it|this|that|we|dag|job|pipeline|workflow)\s+(?:then\s+|also\s+)?$", re.IGNORECASE)


# "After this the procedure is run", "after the ingestion the dashboard is refreshed": two nouns without a comma between them.
_BEFORE_SUBJECT = re.compile(
    r"\s+(?:this|that|these|those|it|both(?:\s+of\s+them)?|all(?:\s+of)?\s+(?:this|that|them|these)|(?:the|this|that|these|both|all|each|every)\s+(?:[a-z][\w-]*\s+){0,2}?[a-z][\w-]*)"
    r"\s+(?=(?:the|an?|our|its|two|three)\s+[\w\u25a1])"
)


def _open_bracket(clean: str, start: int, length: int) -> bool:
    """Whether a bracket is open at the end of some letters: a colon in it ends nothing outside."""
    return clean.count("(", start, start + length) > clean.count(")", start, start + length)


_AFTER = re.compile(r"(?<!\w)after$", re.IGNORECASE)


def _sub_end(clean: str, start: int, end: int, verbs: list[VerbUse], *, initial: bool) -> int:
    """Where a subordinate clause that begins at `start` ends."""
    after = _AFTER_NOUN.match(clean, start, end) if initial else None
    if after is not None:
        return after.end()
    ends = re.finditer(r"[,\uff0c](?=\s|\D)|:(?=\s)|\bthen\b|\bdann\b|\s[–—-]\s", clean[start:end])
    comma = next(
        (sign for sign in ends if not (sign.group() == ":" and _open_bracket(clean, start, sign.start()))), None
    )
    stop = start + comma.start() if comma else end
    subject = (
        _BEFORE_SUBJECT.match(clean, start, stop)
        if initial and _AFTER.search(clean[max(0, start - 6) : start])
        else None
    )
    if subject is not None and any(verb.span.start >= subject.end() for verb in verbs):
        return subject.end()
    if not initial:
        return _further_work(clean, start, stop, verbs)
    later = [
        verb
        for verb in verbs
        if start + 4 < verb.span.start < stop
        and verb.form in ("base", "other", "third")
        and not _PASSIVE.search(clean[start : verb.span.start])
        # "Sind alle kopiert, …": right before the comma it still belongs to the clause that it ends.
        and not (comma and verb.form == "other" and verb.span.end == stop)
    ]
    if later and comma and later[0].form == "third" and not _PRONOUN.search(clean[start : later[0].span.start]):
        # "When a file lands in …, copy it": the verb says what the file does, it begins no work.
        later = later[1:]
    if not later and (consequence := _CONSEQUENCE.search(clean, start, stop)) is not None:
        return consequence.end("gap")
    return later[0].span.start if later else stop


_AND_THEN = re.compile(r"(?P<gap>,?\s+(?:and|then|and\s+then)\s+)$", re.IGNORECASE)
_A_NOUN = re.compile(r"\s+(?:of|job|run|step|task|is|are|has|have)\b", re.IGNORECASE)


def _further_work(clean: str, start: int, stop: int, verbs: list[VerbUse]) -> int:
    """Of "… after the load and notify the team": where the work goes on behind a clause that closes a sentence."""
    for verb in verbs:
        if not (start + 4 < verb.span.start < stop and verb.form == "base" and verb.strength >= 3):
            continue
        gap = _AND_THEN.search(clean[start : verb.span.start])
        if (
            gap is not None
            and verb.action in ("notify", "trigger", "copy", "delete")
            and not _A_NOUN.match(clean, verb.span.end)
        ):
            return start + gap.start("gap")
    return stop


def _list_end(clean: str, start: int, stop: int, end: int, verbs: list[VerbUse], language: str) -> int:
    """Where "for each of a, b and c" ends: behind the list, whose commas part no clauses."""
    verb = next((item.span.start for item in verbs if item.span.start > start and item.strength >= 2), end)
    literal = re.match(rf"\s*[\w-]+\s+{_MASK}+(?=\s+\w)", clean[start : min(verb, end)])
    if literal is not None:
        return start + literal.end()
    behind = end_of_noun(clean, start, end)
    if behind is not None:
        return behind
    found = find_items(clean, language, start, min(verb, end))
    if found is None or re.search(r"[,:\uff0c\uff1a]", clean[start : found[0]]):
        return stop
    return found[1] if found[1] >= stop or clean[found[1] : stop].strip(" ,") else stop


def _split_main(clean: str, start: int, end: int, verbs: list[VerbUse]) -> list[tuple[int, int, VerbUse | None]]:
    opens = start + len(clean[start:end]) - len(clean[start:end].lstrip(" ,;:(-"))
    otherwise = _OTHERWISE.match(clean, opens, end)
    opens = otherwise.end() if otherwise else opens
    inside = [
        verb
        for verb in verbs
        if start <= verb.span.start < end
        and not within_brackets(clean, start, verb.span.start)
        and (
            verb.strength >= 2
            or verb.span.start == opens
            or (verb.strength == 1 and verb.form == "base" and _connectives()[1].search(clean[start : verb.span.start]))
            or (verb.form == "past" and _TWO_SIDED_PAST.match(verb.lemma))
        )
    ]
    weak = [verb for verb in verbs if start <= verb.span.start < end and verb.strength == 1]
    if not inside or says_independent(clean[start:end]):
        return [(start, end, weak[0] if weak else None)]
    pieces: list[tuple[int, int, VerbUse | None]] = []
    begin, main = start, inside[0]
    cut = _connectives()[1]
    head = cut.search(clean[start : main.span.start])
    verb_last = (
        main.form == "other"
        and not clean[main.span.end : end].strip(" .,;)").removesuffix("werden").removesuffix("wird").strip()
    )
    if head is not None and head.start() > 2 and not verb_last and _MASK in clean[start : start + head.start()]:
        pieces.append((start, start + head.start(), None))
        begin = start + head.start()
    for verb in inside[1:]:
        between = clean[main.span.end : verb.span.start]
        if main.lemma in _HANDLING and verb.form == "gerund" and len(between) < 8:
            main = verb
            continue
        meta = _META.match(between) if main.lemma in _MAKING else None
        # "run the job and stop the cluster" is two things to do.
        if meta is not None and not (meta.group("and") and main.lemma in _RUNNING):
            main = verb
            continue
        match = cut.search(between) or _passive_cut(between, verb)
        if match is None and main.form == verb.form == "other":
            match = _BEHIND_VERB.match(between) or _DUTCH_AND.search(between)
        if match is None:
            continue
        at = main.span.end + match.start()
        pieces.append((begin, at, main))
        begin, main = at, verb
    pieces.append((begin, end, main))
    return pieces


def _parse_chunk(
    text: str, clean: str, chunk: _Chunk, number: int, verbs: list[VerbUse], language: str
) -> list[Clause]:
    start, link = _strip_lead(clean, chunk.start, chunk.end, chunk.link)
    clauses: list[Clause] = []
    position, first = start, True
    shared: Span | None = None
    while position < chunk.end:
        opening = openings(language).search(clean, position, chunk.end)
        if opening is not None and opens_nothing(clean, opening):
            later = openings(language).search(clean, opening.end(), chunk.end)
            opening = later if later is not None and not opens_nothing(clean, later) else None
        main_end = opening.start() if opening else chunk.end
        main_end = loose_end(clean, position, main_end) if opening else main_end
        if clean[position:main_end].strip(" ,;:.-") and not (opening and only_joins(clean[position:main_end])):
            for begin, stop, verb in _split_main(clean, position, main_end, verbs):
                begin, own = _strip_lead(clean, begin, stop, link if first else "next")
                heading, begin = _heading(clean, text, begin, stop, verb, verbs)
                shared = heading or shared
                if heading is not None:
                    verb = next((v for v in verbs if begin <= v.span.start < stop and v.strength >= 2), verb)
                span = _trim(text, begin, stop)
                if span.end > span.start:
                    clauses.append(Clause(span, "main", own, verb, "", shared, number, chunk.item))
                    first = False
        if opening is None:
            break
        kind = cast("ClauseKind", opening.lastgroup)
        lead = clean[position : opening.start()].rstrip()
        lead = _JOINER_END.sub(",", lead)
        initial = (
            not lead.strip(" ,;:.-(") or lead[-1] in ",:\uff0c\uff1a" or _OTHERWISE.fullmatch(lead.strip()) is not None
        )
        stop = _sub_end(clean, opening.end(), chunk.end, verbs, initial=initial)
        if kind == "foreach":
            stop = _list_end(clean, opening.end(), stop, chunk.end, verbs, language)
        verb = next((item for item in verbs if opening.end() <= item.span.start < stop and item.strength >= 1), None)
        span = _trim(text, opening.end(), stop)
        if span.end > span.start:
            clauses.append(Clause(span, kind, "attached", verb, opening.group().lower(), None, number, chunk.item))
        position, own_link = _strip_lead(clean, stop, chunk.end, "next")
        if first and own_link != "next":
            link = own_link
        elif own_link == "next" and initial:
            link = chunk.link if first else "next"
    return clauses


# "**Check**: fail if …": a label in bold is one, whatever verb it is.
_BOLD = re.compile(r"[\s*_]{0,8}(?P<v>[^\W\d_][\w -]{0,40}?)(?:(?:\*\*|__):|:(?:\*\*|__))\s")


def _heading(
    clean: str, text: str, begin: int, stop: int, verb: VerbUse | None, verbs: list[VerbUse]
) -> tuple[Span | None, int]:
    """The words before a colon, if what follows the colon can stand alone."""
    colon = clean.find(": ", begin, min(stop, begin + 80))
    bold = _BOLD.match(clean, begin, stop)
    if bold is not None:
        return _trim(text, begin, bold.end("v")), bold.end()
    if colon < 0 or not clean[colon + 1 : stop].strip(" ,;.-"):
        return None, begin
    later = any(colon < item.span.start < stop and item.strength >= 2 for item in verbs)
    if verb is None or verb.span.start > colon or later:
        return _trim(text, begin, colon), colon + 1
    return None, begin


def split_clauses(
    text: str, verbs: tuple[VerbUse, ...], protected: tuple[Span, ...], language: str = "en"
) -> tuple[Clause, ...]:
    """Cut a text into clauses. `protected` spans (literals) are never cut and never read as words."""
    clean = with_bullets_for_numbers(_masked(text, protected))
    clauses: list[Clause] = []
    places = [verb.span.start for verb in verbs]
    for number, chunk in enumerate(_chunks(clean)):
        inside = list(verbs[bisect_left(places, chunk.start) : bisect_left(places, chunk.end)])
        clauses.extend(_parse_chunk(text, clean, chunk, number, inside, language))
    return tuple(clauses)
