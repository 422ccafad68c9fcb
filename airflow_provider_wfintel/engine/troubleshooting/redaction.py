"""Masking of secrets, before anything else looks at a log.

Beside the secrets that the caller registers, patterns know the usual forms: passwords in addresses, keys of clouds and
services, tokens, private keys, connection strings, options and assignments. Only lines that hold one of the words of a
pattern are searched, so that a clean log costs little.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from airflow_provider_wfintel.engine.troubleshooting.patterns import LazyPattern, any_of

__all__ = ["MASK", "redact"]

MASK = "***"
_NAMES = (
    r"pass(?:word|wd|phrase|code)?|pwd|secret(?:[._-]?(?:key|access[._-]?key|id))?|client[._-]?secret|"
    r"(?:access|auth|api|refresh|id|session|security|bearer|bot|sas|oauth|private|user)?[_-]?token|"
    r"api[._-]?key|apikey|access[._-]?key(?:[._-]?id)?|account[._-]?key|shared[_-]?access[_-]?key|private[_-]?key|"
    r"secret[_-]?access[_-]?key|fernet[_-]?key|encryption[_-]?key|signing[_-]?key|license[_-]?key|"
    r"x-amz-(?:signature|security-token|credential)|signature|sig|credentials?|authorization|webhook[_-]?url|sessionid|"
    r"set-cookie|cookie|dsn"
)
# Names may be part of a longer one (DB_PASSWORD, aws_secret_access_key), the value may be quoted or JSON-escaped.
_ASSIGNED = LazyPattern(
    rf"""(?ix)(?P<name>(?:{_NAMES})(?:[_-](?:id|value|base64|b64|plain|new|old|\d+))?
    \\?["']?\s{{0,2}}(?:=>|:=|=|:|\bis\b)\s{{0,2}})
    (?P<value>(?:(?:basic|bearer|token|digest)\s+)?(?:\\?"(?:[^"\\\n]|\\(?!").)*\\?"|\\?'(?:[^'\\\n]|\\(?!').)*\\?'|[^\s,;&"'<>(){{}}\\|]+))"""
)
_WORDS = {"none", "null", "true", "false", "***", "(none)", "nil", "undefined", "missing", "required", "unset", "empty"}
_KEPT = LazyPattern(
    r"(?i)^(?:\W*|\*+|<[^>]*>|\$?\{.*|os\.environ.*|str|int|bytes|object|is|was|not|has|expired\W*|invalid\W*)$"
)

# Pairs of words in lower case, of which one must be in the line, and what to mask: group `value`, or all of it.
_RULES: tuple[tuple[tuple[str, ...], LazyPattern], ...] = (
    (("://",), LazyPattern(r"(?<=://)[^\s/:@\"'<>]*:(?P<value>[^\s/\"'<>]*(?:/[^\s/@\"'<>]*)??)@(?=[^\s@]*)")),
    (("://",), LazyPattern(r"(?<=://)(?P<value>[A-Za-z0-9_.~%+-]{16,})@(?=[\w.-])")),
    (("akia", "asia", "aroa", "aida"), LazyPattern(r"(?<![A-Z0-9])(?P<value>(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,})")),
    (("eyj",), LazyPattern(r"(?P<value>eyJ[\w-]{6,}(?:\.[\w-]+){0,4})")),
    (("basic", "bearer", "digest"), LazyPattern(r"(?i)\b(?:basic|bearer|digest)\s+(?P<value>[\w+/=.~-]{8,})")),
    (
        (
            "ghp_",
            "gho_",
            "ghs_",
            "ghu_",
            "ghr_",
            "github_pat_",
            "glpat-",
            "xoxb",
            "xoxp",
            "xoxa",
            "xoxs",
            "xapp-",
            "sk_live",
            "sk_test",
            "rk_live",
            "pk_live",
            "sk-",
            "whsec_",
            "npm_",
            "pypi-",
            "dapi",
            "dop_v1",
            "sg.",
            "aiza",
            "ya29",
            "hf_",
            "dckr_pat",
            "shpat_",
            "nrak-",
            "hvs.",
            "s.",
            "key-",
            "1//0",
            "gocspx",
            "atatt",
            "lin_api",
            "figd_",
            "dp.pt.",
        ),
        LazyPattern(
            r"(?<![\w])(?P<value>(?:gh[pousr]_|github_pat_|glpat-|xox[a-z]-|xapp-|[srp]k_(?:live|test)_|sk-|whsec_|npm_|pypi-|"
            r"dapi|dop_v1_|SG\.|AIza|ya29\.|hf_|dckr_pat_|shp(?:at|ss|ca)_|NRAK-|hvs\.|hvb\.|key-|1//0|GOCSPX-|ATATT|lin_api_|"
            r"figd_|dp\.pt\.)[\w./+=~-]{10,})"
        ),
    ),
    (("-p",), LazyPattern(r"(?:mysql|mysqldump|mariadb|mysqladmin|mysqlimport)\b[^\n|;]*?\s-p(?P<value>[^\s\"']+)")),
    (
        (
            "sqlcmd",
            "bcp",
            "sqlplus",
            "curl",
            "wget",
            "sshpass",
            "mongo",
            "redis-cli",
            "psexec",
            "lftp",
            "smbclient",
            "ldap",
        ),
        LazyPattern(r"(?:sqlcmd|bcp|sshpass|mongo\w*|ldap\w+)\b[^\n|;]*?\s-(?:P|p|w)\s*(?P<value>[^\s\"'-][^\s\"']*)"),
    ),
    (("redis-cli",), LazyPattern(r"redis-cli\b[^\n|;]*?\s-a\s+(?P<value>[^\s\"']+)")),
    (
        ("sqlplus", "exp ", "imp ", "sqlldr"),
        LazyPattern(r"(?:sqlplus|expdp|impdp|sqlldr)\b[^\n|;]*?\s\w+/(?P<value>[^\s@\"']+)@"),
    ),
    (
        ("curl", "wget", "lftp", "smbclient"),
        LazyPattern(r"\s(?:-u|--user|-U)[ =]?[\"']?[^\s:\"'%]+[:%](?P<value>[^\s\"']+)"),
    ),
    (
        ("--pass", "--token", "--secret", "--api", "--key", "--pwd", "--auth", "--access", "--client"),
        LazyPattern(
            r"(?i)--[\w-]*(?:pass(?:word|wd|phrase)?|pwd|token|secret|api-?key|access-?key|auth|client-secret)[ =]+"
            r"(?P<value>[^\s\"'-][^\s\"']*|\"[^\"\n]+\"|'[^'\n]+')"
        ),
    ),
    (
        ("hooks.slack.com", "webhook.office.com", "discord.com/api/webhooks", "api.telegram.org/bot"),
        LazyPattern(
            r"(?:hooks\.slack\.com/(?:services|workflows)/|webhook\.office\.com/|api/webhooks/|telegram\.org/bot)(?P<value>[^\s\"'<>]+)"
        ),
    ),
    (
        ("token ", "secret ", "password ", "passwd ", "key "),
        LazyPattern(
            r"(?i)\b(?:token|secret|password|passwd|api key|access key)\s+[\"']?(?P<value>(?=[^\s\"']*\d)(?=[^\s\"']*[a-z])[\w.~+/=-]{16,})"
        ),
    ),
    (("identified by",), LazyPattern(r"(?i)identified by\s+(?P<value>\"[^\"\n]+\"|'[^'\n]+'|[^\s;]+)")),
)
# Every name of `_NAMES` holds one of these, and between it and the sign of an assignment stands nothing but letters of a name.
_NAME_WORDS = (
    "pass", "pwd", "secret", "token", "key", "sig", "credential", "authoriz", "webhook", "cookie", "sessionid", "dsn",
)  # fmt: skip
_GIVEN = LazyPattern(r"""[\w.-]{0,80}\\?["']?\s{0,2}(?:[:=]|is\b)""")
_PRIVATE_KEY = LazyPattern(
    r"-----BEGIN [A-Z0-9 ]*(?:PRIVATE KEY|CERTIFICATE)[A-Z ]*-----.*?(?:-----END [A-Z0-9 ]*-----|\Z)", re.DOTALL
)
_MIN_REGISTERED = 4
# After these names a word of letters alone is more often the rest of a message than a secret.
_SOFT_NAMES = ("credential", "signature", "authorization", "cookie", "dsn", "token:")


def redact(text: str, secrets: Collection[str] = ()) -> str:
    """The text with every known or recognized secret replaced by `***`. Line breaks stay where they are.

    Args:
        text: any text; line breaks are kept except inside a private key, whose lines are masked one by one.
        secrets: values that must not appear; those under 4 characters are left, they would mask ordinary text.
    """
    for secret in sorted((item for item in secrets if len(item) >= _MIN_REGISTERED), key=len, reverse=True):
        text = text.replace(secret, MASK)
    if "-----BEGIN " in text:
        text = _PRIVATE_KEY.sub(lambda found: MASK + "\n" * found.group().count("\n"), text)
    lowered = text.lower()
    if len(lowered) != len(text):  # some letters change their length; then positions differ
        return "\n".join(_redact_line(line, line.lower()) for line in text.split("\n"))
    return _redact_spans(text, lowered)


def _redact_spans(text: str, lowered: str) -> str:
    edits: list[tuple[int, int, str]] = []
    for start, end in _suspicious_lines(lowered):
        line = text[start:end]
        masked = _redact_line(line, lowered[start:end])
        if masked != line:
            edits.append((start, end, masked))
    if not edits:
        return text
    pieces, position = [], 0
    for start, end, masked in edits:
        pieces += [text[position:start], masked]
        position = end
    return "".join([*pieces, text[position:]])


_TRIGGERS = tuple(sorted({word for words, _ in _RULES for word in words if word not in ("s.", "-p")} | {" -p"}))


def _suspicious_lines(lowered: str) -> Iterator[tuple[int, int]]:
    """Bounds of the lines that hold a word of any rule, or a name of a secret with a value, in order."""
    words = any_of((*_TRIGGERS, *_NAME_WORDS))
    found = words.search(lowered)
    while found:
        position = found.start()
        if lowered.startswith(_TRIGGERS, position) or _is_given(lowered, position):
            end = lowered.find("\n", position)
            end = len(lowered) if end < 0 else end
            yield lowered.rfind("\n", 0, position) + 1, end
            position = end
        found = words.search(lowered, position + 1)


def _is_given(lowered: str, position: int) -> bool:
    """Whether a word of a secret's name stands at a position, with a value behind it."""
    word = next((name for name in _NAME_WORDS if lowered.startswith(name, position)), None)
    return word is not None and bool(_GIVEN.match(lowered, position + len(word)))


def _given(lowered: str, word: str, start: int) -> int:
    """Where a word of a secret's name stands next with a value behind it; -1 if nowhere."""
    position = lowered.find(word, start)
    while position >= 0 and not _GIVEN.match(lowered, position + len(word)):
        position = lowered.find(word, position + 1)
    return position


def _redact_line(line: str, lowered: str) -> str:
    for words, pattern in _RULES:
        if any(word in lowered for word in words):
            line = pattern.sub(_masked, line)
    if any(_given(lowered, word, 0) >= 0 for word in _NAME_WORDS):
        line = _ASSIGNED.sub(_masked, line)
    return line


def _is_prose(found: re.Match[str], value: str) -> bool:
    """Whether an assignment is rather a sentence, as in `could not load credentials: file missing`."""
    name = found.groupdict().get("name")
    if not name or not value.isalpha():
        return False
    lowered = name.lower()
    return lowered.rstrip().endswith(" is") or any(word in lowered for word in _SOFT_NAMES)


def _masked(found: re.Match[str]) -> str:
    value = found.group("value")
    bare = value.strip("\\\"'")
    if not bare or bare.lower() in _WORDS or _KEPT.match(bare) or _is_prose(found, bare):
        return found.group()
    start, end = found.start("value") - found.start(), found.end("value") - found.start()
    whole = found.group()
    opening = value[: len(value) - len(value.lstrip("\\\"'"))]
    closing = value[len(value.rstrip("\\\"'")) :]
    return whole[:start] + opening + MASK + closing + whole[end:]
