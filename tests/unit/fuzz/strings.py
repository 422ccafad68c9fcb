"""Text that parsers choke on: words of the field, what ends or escapes something, other scripts, control characters."""

from __future__ import annotations

from hypothesis import strategies as st

WORDS = (
    "every day", "at 06:00", "Europe/Berlin", "on weekdays", "copy", "load", "into", "from", "then", "if it fails", "wait for",
    "the S3 bucket", "Postgres table a.b", "`select 1`", "run the shell command `date`", "for each file in", "retry 3 times",
    "10 minutes apart", "send a Slack message to #x", "delete", "don't", "unless", "in parallel", "DAG called", "connection c",
    "0 6 * * 1-5", "jeden Montag um 7 Uhr", "每天", "tous les jours", "cada hora", "between 9 and 17", "the last day of the month",
)  # fmt: skip
LOG = (
    "Traceback (most recent call last):", '  File "/a/b.py", line 3, in f', "ValueError: bad", "[2026-03-02 06:00:00,000] {a.py:1}",
    "ERROR -", '{"event": "x", "level": "error"}', '{"error_detail": [{"exc_type": "E", "exc_value": "v"}]}', "Caused by: a.B: c",
    "exit code 137", "Killed", "OOMKilled", "HTTP 429", "could not connect to server", "password=", "Bearer ", "\x1b[31m",
)  # fmt: skip
ENDS = (
    "'",
    '"',
    '"""',
    "'''",
    "\\",
    "{{",
    "}}",
    "{%",
    "%}",
    "\n",
    "\r\n",
    "\t",
    "\x00",
    "\u2028",
    "\ufeff",
    "${x}",
    "#",
    ";",
    "--",
    "*/",
    "]]>",
    "`",
)


def texts(words: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Up to forty pieces: words, what ends something, and anything else that is text."""
    piece = st.one_of(
        st.sampled_from(words), st.sampled_from(ENDS), st.text(max_size=12), st.integers(-10, 10**12).map(str)
    )
    return st.lists(st.tuples(piece, st.sampled_from((" ", ", ", ". ", "\n", ""))), max_size=40).map(
        lambda found: "".join(part for pair in found for part in pair)
    )


def values(*keys: str) -> st.SearchStrategy[object]:
    """JSON values whose objects often have the given keys."""
    plain = st.one_of(
        st.none(), st.booleans(), st.integers(-(2**63), 2**63), st.floats(), st.text(max_size=20), st.sampled_from(keys or ("a",))
    )  # fmt: skip
    name = st.one_of(st.sampled_from(keys or ("a",)), st.text(max_size=8))
    return st.recursive(
        plain,
        lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(name, inner, max_size=5)),
        max_leaves=25,
    )
