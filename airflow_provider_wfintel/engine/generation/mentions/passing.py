"""Names that are only mentioned in passing: what is replaced, left behind, not needed, or where the author can be met.

The cues are grammar, not data about services: phrases that end right before a name or start right after it. A cue
also covers the names that are listed with the first one ("instead of Jira or Trello").
"""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.mentions.matcher import Match
from airflow_provider_wfintel.engine.generation.mentions.tokens import Words

__all__ = ["passing_mentions"]

_REACH_BEFORE = 90
_REACH_AFTER = 60

# Words that may stand between a cue and the name.
_FILL = (
    r"(?:(?:the|a|an|our|your|my|their|any|old|legacy|former|existing|expensive|costly|other|paid)\s+){0,3}"
    r"[\"'“”(\[*`]*$"
)
_FROM = r"(?:from|off(?:\s+of)?|out\s+of)"
_MOVED = r"(?:migrated|moved|switched|ported|transitioned)"
_MOVING = r"(?:migrating|moving|switching|porting|transitioning|the\s+move|the\s+migration|the\s+switch)"

_BEFORE_CUES = (
    # done without it
    r"instead\s+of(?:\s+(?:using|posting|sending|writing|loading|paying|relying|going|running|working)(?:\s+\w+){0,2}?)?"
    r"(?:\s+(?:to|in|into|on|via|from|with|for))?",
    r"(?:rather\s+than|in\s+place\s+of|in\s+lieu\s+of|as\s+opposed\s+to|other\s+than)"
    r"(?:\s+\w+ing)?(?:\s+(?:in|on|to|via|from|with))?",
    r"without\s+(?:needing|using|touching|opening|going\s+through|relying\s+on|paying\s+for|the\s+need\s+for)",
    r"without",
    r"no\s+(?:need\s+(?:for|of|to\s+use)|longer\s+(?:use|need|in|on|with|using|run\s+on))",
    r"no",
    r"(?:do|does|did|should|must|will|is|are|was|were|can|need)(?:\s+not|n['’]t)\s+"
    r"(?:need|use|using|require|want|touch|involve|call|go\s+(?:to|through)|(?:be\s+)?(?:sent|send|post|posted|write)\s+to)",
    r"(?:don['’]?t|doesn['’]?t|never|not)\s+(?:use|using|need|require|want|touch|involve|to|via|through|into)",
    r"(?:(?<=,)|(?<=;)|(?<=\()|and|but|it\s+is|it['’]s|this\s+is|—|–)\s*not(?:\s+(?:in|on|with))?",
    r"(?:replaces|replacing|replacement\s+(?:for|of)|alternatives?\s+(?:to|for)|competitors?\s+(?:of|to)|unlike"
    r"|similar\s+to|just\s+like|(?:compared|comparable)\s+(?:to|with)|(?:better|cheaper|faster|simpler)\s+than"
    r"|clone\s+of|inspired\s+by|independent\s+of)",
    r"(?:can|could|may|might)\s+(?:also\s+)?(?:easily\s+)?be\s+(?:replaced|swapped|exchanged|substituted)\s+"
    r"(?:out\s+)?(?:by|with|for)",
    r"(?:replace|swap|substitute)\s+(?:\S+\s+){1,4}?(?:by|with|for)(?!\s+(?:your|our|my)\b)",
    # where things used to be
    r"(?:we|they|team|company|i|['’]ve|['’]d)\s+(?:\w+\s+){0,2}?" + _MOVED + r"(?:\s+[\w'’-]+){0,3}?\s+" + _FROM,
    r"(?:was|were|been|got)\s+(?:recently\s+|just\s+)?(?:migrated|ported|switched)(?:\s+(?:over|here))?\s+" + _FROM,
    r"(?:moved|migrated|switched|ported|move|migrate|switch|moving|migrating|switching)\s+(?:\w+\s+)?"
    r"(?:away\s+from|off(?:\s+of)?|over\s+from)",
    r"(?:after|since|before)\s+(?:we\s+)?" + _MOVING + r"\s+" + _FROM,
    r"(?<!\()(?:formerly|previously|until\s+recently)(?:\s+(?:\w+\s+){0,2}?(?:in|on|with|at|from|by|for|using|called))?",
    r"(?:originally|in\s+the\s+past|before\s+that)\s+(?:\w+\s+){0,3}?(?:in|on|with|at|by|for)",
    r"(?:was|were|is)\s+originally",
    r"\A\W*(?:migrated|ported|converted)\s+from",
    r"used\s+to\s+(?:\w+\s+){1,3}?(?:in|on|with|at|to|via)",
    r"(?:retired|decommissioned|abandoned|ditched|cancell?ed)",
    r"(?:we|they|team|company|i|['’]ve)\s+(?:\w+\s+){0,2}?(?:left|quit|dropped|gave\s+up|got\s+rid\s+of|outgrew|let\s+go\s+of)",
    r"(?:stop(?:ped|s)?|ended|end)\s+(?:using|paying\s+for|relying\s+on|our\s+contract\s+with)",
    # what others do or say
    r"(?:as|like)\s+(?:explained|described|recommended|suggested|documented|said)\s+(?:in|by|on|at)",
    r"(?:according\s+to|similar\s+to\s+how|the\s+way|like|unlike)\s+(?:\w+\s+)?(?:uses?|do(?:es)?\s+(?:it\s+)?(?:with|in|on))",
    r"according\s+to",
    # where the author can be met or watched
    r"(?:follow|connect\s+with|find|reach|contact|meet|hire)\s+(?:me|us|the\s+author)"
    r"(?:\s+(?:out|directly|anytime))?\s+(?:on|via|at|in|through|over)",
    r"(?:reach\s+out|get\s+in\s+touch|connect)\s+(?:to|with)\s+(?:me|us)\s+(?:on|via|at|through|over)",
    r"feel\s+free\s+to\s+(?:\w+\s+){1,4}?(?:on|via|at|through)",
    r"(?:watch|subscribe\s+to|follow|check\s+out|visit|see)\s+(?:(?:me|us|it|this|out|full|video|tutorial)\s+){0,4}?"
    r"(?:on\s+|at\s+|in\s+)?(?:my|the\s+(?:full|official|accompanying))",
    r"(?:guide|tutorial|walkthrough|explanation)s?\b(?:\s+[\w'’-]+){0,8}?\s+(?:on|at|in)\s+(?:my|our)",
    r"watch\s+(?:(?:the|this|it|full|complete|video|demo|tutorial|setup|walkthrough|explanation)\s+){0,5}?on",
    r"(?:demo|tutorial|walkthrough)s?\s+(?:is\s+|are\s+)?(?:available\s+)?on",
    r"(?:join|ask\s+(?:in|on))\s+(?:the|our|my)(?=\s+\w*(?:$|\s))",
    r"(?:course|talk|book)\s+about",
    r"(?:connect|socials?|contact|reach\s+me|find\s+me|my\s+links)(?:\s+with\s+(?:me|us))?\s*:",
    r"(?:code|repo|repository)\s+(?:is\s+|lives?\s+)?(?:available\s+|hosted\s+|published\s+)?on",
    r"star(?:\s+(?:us|me|it|the\s+(?:repo|project)))?\s+on",
)
_OTHER_LANGUAGES = (
    # German
    r"(?:statt|anstatt|anstelle\s+(?:von|des|der)|an\s+stelle\s+(?:von|des|der)|ohne)(?:\s+(?:in|über|mit|aus|nach))?",
    r"(?:(?:(?<=,)|und|aber)\s*nicht|nicht\s+(?:mehr|länger))(?:\s+(?:in|über|mit|aus|nach|auf|an|bei))?",
    r"(?:früher|bisher|ehemals|vormals|zuvor)(?:\s+(?:in|über|mit|aus|auf|bei))?",
    r"(?:weg\s+von|abgelöst\s+von|ersetzt|ablösung\s+von)",
    # French
    r"(?:au\s+lieu\s+(?:de|d['’])|plutôt\s+que|à\s+la\s+place\s+(?:de|d['’])|sans)(?:\s+(?:passer\s+par|utiliser))?",
    r"(?:ne\s+plus(?:\s+\w+er)?|n['’e]\s?\w+\s+plus|(?:(?<=,)|et|mais)\s+(?:pas|non))(?:\s+(?:dans|via|sur|avec|par))?",
    r"(?:auparavant|anciennement|autrefois|jusqu['’]ici|remplace|remplaçant)(?:\s+(?:dans|via|sur|avec|par))?",
    # Spanish
    r"(?:en\s+lugar\s+de|en\s+vez\s+de|sin(?:\s+(?:usar|pasar\s+por))?)",
    r"(?:ya\s+no\s+\w+|no\s+(?:usar|utilizar|usamos|utilizamos)(?:\s+más)?|(?:(?<=,)|y|pero)\s+no(?:\s+(?:en|por|con|a))?)",
    r"(?:anteriormente|antiguamente|reemplaza|sustituye)(?:\s+(?:en|por|con|a))?",
    # Portuguese
    r"(?:em\s+vez\s+d[eoa]|ao\s+invés\s+d[eoa]|em\s+lugar\s+d[eoa]|sem(?:\s+(?:usar|passar\s+p(?:or|elo|ela)))?)",
    r"(?:já\s+não\s+\w+|não\s+(?:usar|usamos|utilizar|utilizamos)(?:\s+mais)?|(?:(?<=,)|e|mas)\s+não(?:\s+(?:no|na|em|por|com))?)",
    r"(?:anteriormente|antigamente|substitui)(?:\s+(?:no|na|em|por|com|o|a))?",
)
_BEFORE = re.compile(
    r"(?:(?<!\w)|(?<=[,;(]))(?:" + "|".join((*_BEFORE_CUES, *_OTHER_LANGUAGES)) + r")\s+" + _FILL, re.IGNORECASE
)

_AFTER_CUES = (
    r"(?:\w+\s+){0,2}?(?:is|are|was|were|has\s+been|have\s+been|had\s+been|will\s+be|gets?)\s+"
    r"(?:no\s+longer|not\s+(?:needed|used|required|involved|part|necessary)|never\s+(?:used|needed)"
    r"|(?:being\s+)?(?:replaced|retired|decommissioned|deprecated|abandoned|shut\s+down|switched\s+off|turned\s+off"
    r"|phased\s+out))\b",
    r"(?:is|are|was|were)n['’]t\s+(?:needed|used|required|involved|necessary)\b",
    r"(?:before|previously|formerly|in\s+the\s+past|back\s+then|years\s+ago)\b"
    r"(?=\s*(?:[.,;!)]|$|(?:but|and|now|so|last|recently)\b))",
    r"(?:video\s+)?(?:tutorial|walkthrough)s?\b",
    r"(?:\?|\.\.\.|\u2026|,|\s[-\u2013\u2014])\s*(?:no|nope|sorry)\s*[,.;:\u2013\u2014-]",
    r"\sstyle\b",
    r"-\s?(?:like|style|esque|ish|inspired|flavou?red)\b",
    r"\s+(?:docs?|documentation|manual|blog|handbook|support\s+page)\s+(?:\w+\s+)?(?:explains?|says?|recommends?|suggests?|tells?|"
    r"states?|describes?)\b",
    # German: "kein Jenkins mehr", "Slack wird nicht mehr gebraucht"
    r"mehr\s*[,.;:!)]",
    r"(?:wird|werden|ist|sind)\s+(?:nicht\s+mehr|nicht|abgelöst|abgeschaltet|ersetzt)\b",
    r"(?:n['’]est|ne\s+sera|ya\s+no|não\s+é|já\s+não)\b",
    r"(?:alternative|replacement|clone)s?\b",
    r"(?:required|needed|necessary)\b(?=\s*[.,;!)]|$)",
)
_AFTER = re.compile(r"[\"'”)\]*`]*\s*(?:" + "|".join(_AFTER_CUES) + ")", re.IGNORECASE)
_NEEDED = re.compile(r"\b(?:no|not)\s+(?:\w+\s+)?$", re.IGNORECASE)
_EARLIER = re.compile(
    r"\b(?:was|were|lived|ran|kept|had|been|used)\s+(?:\w+\s+){0,3}?(?:on|in|with|at|by)?\s*(?:the\s+)?$", re.IGNORECASE
)
_EARLIER_AFTER = re.compile(
    r"\s*(?:before|previously|until|formerly|earlier|in\s+the\s+past|back\s+then|last\s+year)\b", re.IGNORECASE
)
_LIST_GAP = re.compile(
    r"[\"'”)\]*`]*\s*(?:,|/|,?\s*\b(?:or|nor|and)\b|&)\s*(?:the\s+|in\s+|on\s+)?[\"'“(\[*`]*", re.IGNORECASE
)
_MEETING = re.compile(r"\s*(?:meeting|call|webinar|session|event)", re.IGNORECASE)
_JOIN = re.compile(r"\bjoin\s+(?:the|our|my)\s+$", re.IGNORECASE)
_FORMER = re.compile(r"(?<!\w)ex-$", re.IGNORECASE)
_LACKING = re.compile(r"(?<!\w)(?:no|without(?:\s+(?:an?|any|the|its))?)\s+[\"'“”(\[*`]*$", re.IGNORECASE)
_LACKED_SERVICE = re.compile(
    r"[\w\s]{0,20}?\b(?:please|this\s+time|any\s?more)\b|[\w\s]{0,20}?\b(?:needed|required|involved|necessary|accounts?|subscription)\b|\s*[,.;!)]|$"
)
_WATCH_THIS = re.compile(r"\bwatch\s+(?:(?:the|this|my|our|a|full|short)\s+){0,3}$", re.IGNORECASE)


_PORTUGUESE = re.compile(
    r"\b(?:não|às|aos?|das|dos|uma|todo|toda|todos|cada|tabela|executar|carregar|enviar|avisar|atualizar|diariamente|dia|quando|depois|rodar|copiar|gravar|ler)\b",
    re.IGNORECASE,
)


def passing_mentions(words: Words, matches: list[Match]) -> list[bool]:
    """For each match, whether it is only mentioned in passing."""
    text = words.text
    # Portuguese "no" is "in the": a place, not a lack.
    portuguese = len(_PORTUGUESE.findall(text)) >= 2
    found: list[bool] = []
    for position, match in enumerate(matches):
        start, end = words.starts[match.first], words.ends[match.last - 1]
        before = text[_sentence_start(words, match.first, start - _REACH_BEFORE) : start]
        if portuguese and re.search(r"\bno\s+[\"'“”(\[*`]*$", before, re.IGNORECASE):
            found.append(False)
            continue
        passing = _is_passing(before, words.forms[match.last - 1], text[end : end + _REACH_AFTER].partition("\n")[0])
        if not passing and position and found[-1]:
            previous = matches[position - 1]
            if words.sentence[previous.first] == words.sentence[match.first]:
                between = text[words.ends[previous.last - 1] : start]
                passing = _LIST_GAP.fullmatch(between) is not None
        found.append(passing)
    return found


def _is_passing(before: str, last_word: str, after: str) -> bool:
    if _FORMER.search(before):
        return True
    if _LACKING.search(before):
        # "no Slack message" and "without a Jira ticket" are about things; "no Zapier required" is about the tool.
        rest = after.lstrip()
        return _LACKED_SERVICE.match(rest) is not None or rest.startswith(("or ", "and ", "at all"))
    if _WATCH_THIS.search(before) and (last_word == "video" or re.match(r"\s+video\b", after)):
        return True
    if _BEFORE.search(before):
        return not (_JOIN.search(before) and _MEETING.match(after))
    if _AFTER.match(after):
        cue_needs_no = re.match(r"\s*(?:required|needed|necessary)", after)
        return cue_needs_no is None or _NEEDED.search(before) is not None
    return _EARLIER_AFTER.match(after) is not None and _EARLIER.search(before) is not None


def _sentence_start(words: Words, index: int, limit: int) -> int:
    """Where the sentence of the word starts, or `limit`, whichever comes later."""
    number = words.sentence[index]
    while index > 0 and words.sentence[index - 1] == number and words.starts[index] > limit:
        index -= 1
    return max(limit, words.starts[index], 0)
