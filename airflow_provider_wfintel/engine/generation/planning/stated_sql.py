"""Which rows, and what must hold for them: conditions that the words of a step state, as SQL.

Statements are put together only from names that `is_identifier` accepts and from plain values, so no other words
reach the SQL text.
"""

# ruff: noqa: S608

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.planning.sql import is_identifier
from airflow_provider_wfintel.engine.generation.reading.steps import Step

__all__ = ["check_statement", "demanded_result", "row_condition", "rows_statement"]

_VALUE = r"(?P<quote>['\"`]?)(?P<value>[A-Za-z0-9][\w.-]*)(?P=quote)"
_NO_VALUE = r"(?!(?:not|null|in|empty|more|less|at|over|under|greater|the|unique|never)\b)"
# "whose status is failed", "where the status equals 'failed'", "only rows with status = failed", "with status failed"
_EQUALS = (
    re.compile(
        rf"\b(?:whose|where|with|having)\s+(?:an?\s+|the\s+)?(?:column\s+)?(?P<column>[A-Za-z_]\w*)\s+"
        rf"(?:is\s+(?:equal\s+to\s+)?|equals\s+|equal\s+to\s+|set\s+to\s+|of\s+){_NO_VALUE}{_VALUE}(?![\w(])",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:whose|where|with|having)\s+(?:an?\s+|the\s+)?(?P<column>[A-Za-z_]\w*)\s*==?\s*{_VALUE}(?![\w(])",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\bonly\b[^.,;]{{0,40}}?\bwith\s+(?:an?\s+|the\s+)?(?P<column>status|state|type|kind|country|region|category)\s+"
        rf"{_VALUE}(?![\w(])",
        re.IGNORECASE,
    ),
)
# "where amount > 100", "with an amount of more than 100"
_COMPARES = re.compile(
    r"\b(?:whose|where|with|having)\s+(?:an?\s+|the\s+)?(?P<column>[A-Za-z_]\w*)\s+(?:is\s+|of\s+)?"
    r"(?P<sign>>=|<=|>|<|(?:more|greater|higher|larger)\s+than|over|above|(?:less|fewer|lower|smaller)\s+than|under|below|at\s+least|at\s+most)\s*"
    r"(?P<value>\d+(?:\.\d+)?)\b(?!\s*(?:days?|weeks?|months?|years?|hours?|minutes?|percent|%))",
    re.IGNORECASE,
)
_IS_NULL = re.compile(
    r"\b(?:whose|where)\s+(?:the\s+)?(?P<column>[A-Za-z_]\w*)\s+is\s+(?P<not>not\s+)?(?:null|empty)\b", re.IGNORECASE
)
_AT_LEAST = re.compile(
    r"\b(?:at least|a minimum of|minimum|mindestens|au moins|al menos)\s+(?P<n>\d[\d,]*)\s+(?:rows?|records?|zeilen|lignes|filas)\b",
    re.IGNORECASE,
)
_MORE_THAN = re.compile(
    r"\b(?:more than|over|mehr als|plus de|más de)\s+(?P<n>\d[\d,]*)\s+(?:rows?|records?|zeilen|lignes|filas)\b",
    re.IGNORECASE,
)
_WITH_NULL = re.compile(
    r"\b(?:with|having|that\s+have)\s+(?:an?\s+|the\s+)?(?:null|empty|missing)\s+(?P<column>[A-Za-z_]\w*)",
    re.IGNORECASE,
)
_LESS_THAN = re.compile(r"\b(?:less|fewer) than (?P<n>\d[\d,]*)\s+(?:rows?|records?)\b", re.IGNORECASE)
_AT_MOST = re.compile(r"\b(?:at most|no more than)\s+(?P<n>\d[\d,]*)\s+(?:rows?|records?)\b", re.IGNORECASE)
_COLUMNS = r"(?:the\s+)?(?:columns?\s+)?(?P<columns>[`\w]+(?:(?:\s*,\s*|\s+(?:and|or|nor)\s+)[`\w]*_[`\w]*)*)"
_NO_NULLS = re.compile(
    rf"\b(?:no|without|zero)\s+(?:nulls?|empty|missing)(?:\s+values?)?\s+(?:(?:in|for|values? in)\s+)?(?!(?:in|for|values?|rows?|records?|entries|files?)\b){_COLUMNS}",
    re.IGNORECASE,
)
_NO_ROW_NULL = re.compile(
    r"\b(?:no|zero|without)\s+(?:rows?|records?|entries)\s+(?:with|where|that\s+have|having)\s+(?:an?\s+|the\s+)?"
    r"(?:(?:null|empty|missing)\s+(?P<columns>[A-Za-z_]\w*)|(?P<column>[A-Za-z_]\w*)\s+is\s+(?:null|empty|missing))",
    re.IGNORECASE,
)
# "customer_id in the table x is unique and never null": the column stands before its table.
_COLUMN_OF = re.compile(
    r"\b(?P<column>[A-Za-z_]\w*)\s+(?:in|of)\s+(?:the\s+)?(?:\w+\s+){0,2}(?:table|view)\s+[\w.`'\"]+\s+(?:is|are)\b",
    re.IGNORECASE,
)
_NEVER_NULL_ALONE = re.compile(r"\b(?:never|not)\s+null\b", re.IGNORECASE)
_UNIQUE_ALONE = re.compile(r"\b(?:is|are)\s+(?:always\s+)?unique\b|\bunique\s+and\b", re.IGNORECASE)
_NEVER_NULL = re.compile(r"\b(?P<columns>[A-Za-z_]\w*)\s+(?:is|are)\s+(?:never|not)\s+null\b", re.IGNORECASE)
_UNIQUE = re.compile(
    rf"\b(?:no\s+duplicates?|no\s+duplicated?)(?:\s+\w+)?\s+(?:in|for|of)\s+{_COLUMNS}|\b(?P<unique>[A-Za-z_]\w*)\s+is\s+unique\b",
    re.IGNORECASE,
)
_SIGNS = {"more": ">", "greater": ">", "higher": ">", "larger": ">", "over": ">", "above": ">", "less": "<", "fewer": "<", "lower": "<", "smaller": "<", "under": "<", "below": "<"}  # fmt: skip
_NO_COLUMNS = frozenset(
    {
        "the",
        "it",
        "this",
        "that",
        "there",
        "table",
        "tables",
        "data",
        "rows",
        "row",
        "any",
        "all",
        "them",
        "which",
        "and",
    }
)


def row_condition(words: str) -> str:
    """The condition that narrows the rows of a table, as SQL without `WHERE`; empty if the words state none."""
    parts: list[str] = []
    for pattern in _EQUALS:
        for found in pattern.finditer(words):
            parts.append(f"{found.group('column')} = {_literal(found.group('value'))}")
    for found in _COMPARES.finditer(words):
        sign = " ".join(found.group("sign").lower().split())
        mark = {"at least": ">=", "at most": "<="}.get(sign) or _SIGNS.get(sign.split()[0], sign)
        parts.append(f"{found.group('column')} {mark} {found.group('value')}")
    for found in _IS_NULL.finditer(words):
        parts.append(f"{found.group('column')} IS {'NOT ' if found.group('not') else ''}NULL")
    return " AND ".join(dict.fromkeys(parts))


def _literal(value: str) -> str:
    if re.fullmatch(r"\d+(?:\.\d+)?", value) or value.lower() in ("true", "false", "null"):
        return value
    return f"'{value}'"


def rows_statement(step: Step, table: str) -> str:
    """`SELECT` with the condition that the words state; empty if they state none."""
    nulls = [f"{found.group('column')} IS NULL" for found in _WITH_NULL.finditer(step.words)]
    condition = " AND ".join(dict.fromkeys(filter(None, (row_condition(step.words), *nulls, *step.conditions))))
    if not condition or not is_identifier(table):
        return ""
    what = "COUNT(*)" if step.lemma == "count" else "*"
    return f"SELECT {what} FROM {table} WHERE {condition}"


def check_statement(step: Step, table: str) -> str:
    """One row whose columns are all true if what the words demand of the table holds; empty if they demand nothing."""
    words = step.words
    demands: list[str] = []
    for pattern, sign in ((_AT_LEAST, ">="), (_MORE_THAN, ">"), (_AT_MOST, "<="), (_LESS_THAN, "<")):
        demands += [f"COUNT(*) {sign} {found.group('n').replace(',', '')}" for found in pattern.finditer(words)]
    filled, unique = _column_demands(words)
    demands += [f"COUNT(*) = COUNT({column})" for column in filled]
    demands += [f"COUNT({column}) = COUNT(DISTINCT {column})" for column in unique]
    demands += [f"COUNT(CASE WHEN NOT ({bound}) THEN 1 END) = 0" for bound in _bounds(words)]
    if not demands or not is_identifier(table):
        return ""
    condition = " AND ".join(filter(None, (row_condition(words), *step.conditions)))
    return f"SELECT {', '.join(dict.fromkeys(demands))} FROM {table}{f' WHERE {condition}' if condition else ''}"


# "amount >= 0": every row must satisfy it. Behind "where" it says which rows are meant.
_BOUND_OF_COLUMN = re.compile(
    r"(?<![\w.])(?P<column>(?!count\b|rows?\b|records?\b|number\b|exit\b|status\b)[A-Za-z_]\w*)\s*(?P<sign>>=|<=|<>|!=|>|<)\s*(?P<n>-?\d+(?:\.\d+)?)(?![\w%])",
    re.IGNORECASE,
)


def _bounds(words: str) -> list[str]:
    """Comparisons of a column with a number that all rows must satisfy."""
    return [
        f"{found.group('column')} {found.group('sign')} {found.group('n')}"
        for found in _BOUND_OF_COLUMN.finditer(words)
        if not re.search(r"\b(?:where|whose|with|having)\s+(?:\w+\s+){0,2}$", words[: found.start()], re.IGNORECASE)
    ]


def _column_demands(words: str) -> tuple[list[str], list[str]]:
    """The columns that must never be null, and those whose values must differ."""
    of_table = _COLUMN_OF.search(words)
    if of_table is not None:
        column = _columns(of_table.group("column"))
        rest = words[of_table.end() - 4 :]
        return (
            column if _NEVER_NULL_ALONE.search(rest) else [],
            column if _UNIQUE_ALONE.search(rest) else [],
        )
    filled: list[str] = []
    for pattern in (_NO_NULLS, _NEVER_NULL, _NO_ROW_NULL):
        for found in pattern.finditer(words):
            names = found.groupdict()
            filled += _columns(names.get("columns") or names.get("column") or "")
    unique: list[str] = []
    for found in _UNIQUE.finditer(words):
        unique += _columns(found.group("unique") or found.group("columns"))
    return filled, unique


_RESULT = r"\b(?:returns?|gives?|yields?|is|are|be|equals?|counts?|finds?)\s+(?:a\s+(?:count|value|result)\s+of\s+|exactly\s+|equal\s+to\s+)?"
_EXACT = re.compile(_RESULT + r"(?P<n>-?\d[\d,]*(?:\.\d+)?|zero)\b(?!\s*(?:rows?|records?|%|percent))", re.IGNORECASE)
_NOTHING = re.compile(_RESULT + r"(?:no|zero|0)\s+(?:rows?|records?|results?)\b|\breturns?\s+nothing\b", re.IGNORECASE)
_BOUND = re.compile(
    _RESULT
    + r"(?P<sign>>=|<=|>|<|(?:more|greater|higher|larger|bigger)\s+than|over|above|(?:less|fewer|lower|smaller)\s+than|"
    r"under|below|at\s+least|at\s+most)\s*(?P<n>-?\d[\d,]*(?:\.\d+)?)\b",
    re.IGNORECASE,
)
_SELECT = re.compile(r"\s*(?:select|with)\b[^;]*;?\s*", re.IGNORECASE)
_COUNTS = re.compile(r"\s*select\s+count\s*\(", re.IGNORECASE)


def demanded_result(words: str, statement: str) -> tuple[str, str]:
    """What the words demand of the result of a stated query: `(statement, value)`.

    A plain check fails on 0 and on no rows, which is the opposite of "returns 0". So an exact value is compared
    (`value` is not empty then), and a bound or "no rows" goes into the statement.
    """
    if not _SELECT.fullmatch(statement):
        return statement, ""
    query = statement.strip().rstrip(";")
    # The statement itself stands among the words; what it says is no demand.
    rest = words.replace(statement, " ")
    bound = _BOUND.search(rest)
    if bound is not None:
        sign = " ".join(bound.group("sign").lower().split())
        mark = {"at least": ">=", "at most": "<="}.get(sign) or _SIGNS.get(sign.split()[0], sign)
        return f"SELECT ({query}) {mark} {bound.group('n').replace(',', '')}", ""
    if _NOTHING.search(rest) is not None:
        return (query, "0") if _COUNTS.match(query) else (f"SELECT NOT EXISTS ({query})", "")
    exact = _EXACT.search(rest)
    if exact is not None:
        number = exact.group("n").lower().replace(",", "")
        return query, "0" if number == "zero" else number
    return statement, ""


def _columns(words: str) -> list[str]:
    names = [item.strip("`") for item in re.split(r"\s*,\s*|\s+(?:and|or|nor)\s+", words)]
    return [name for name in names if is_identifier(name) and name.lower() not in _NO_COLUMNS]
