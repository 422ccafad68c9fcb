"""SQL that the words state or fully imply.

Statements are put together only from names that `is_identifier` accepts, so no other words reach the SQL text.
"""

# ruff: noqa: S608

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.reading.steps import Step

__all__ = ["is_identifier", "sql_statement"]

_IDENTIFIER = re.compile(r"^[A-Za-z_][\w$-]*(?:\.[A-Za-z_][\w$-]*){0,2}$")
_AGE = re.compile(
    r"\b(?:older than|älter als|plus anciens? que|más antiguos? (?:que|de)|before)\s+(?P<n>\d+)\s+(?P<unit>day|month|year|week|tag|jour|día|dia|mes|monat)",
    re.IGNORECASE,
)
_OLD = re.compile(
    r"\b(?:over|more than|at least)\s+(?P<n>\d+)\s+(?P<unit>day|month|year|week)s?\s+old\b", re.IGNORECASE
)
# Only capitals are SQL: "call home.page()" in running text may mean anything.
_CALL = re.compile(r"\bCALL\s+(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){0,2})\(\s*\)")
# "the stored procedure `a.b()`": its name with brackets is no statement yet.
_BARE_CALL = re.compile(r"[A-Za-z_][\w$]*(?:\.[A-Za-z_][\w$]*){0,2}\([^()]*\)")
_GRANT = re.compile(
    r"\b(?P<verb>grant|revoke)\s+(?P<rights>(?:select|insert|update|delete|usage|all)(?:\s*(?:,|and)\s*(?:select|insert|update|delete|usage))*)"
    r"(?:\s+(?:privileges|access|rights))?\s+on\s+(?:the\s+)?(?:\w+\s+)?(?:table\s+)?[`'\"]?(?P<table>[\w.$]+)[`'\"]?"
    r"\s+(?:in\s+\w+\s+)?(?:to|from)\s+(?:the\s+)?(?P<kind>role\s+|user\s+|group\s+)?[`'\"]?(?P<who>[\w.$]+)",
    re.IGNORECASE,
)
# "all" must stand right at the rows: "all inactive customers" or "all of this by 7" says nothing of the whole table.
_EVERYTHING = re.compile(
    r"\b(?:all|every)\s+(?:of\s+)?(?:the\s+|its\s+)?(?:rows?|records?|entries|data|contents?)\b(?!\s+(?:for|with|where|whose|that|older|before)\b)|"
    r"\beverything\s+(?:in|from|out\s+of)\b|\b(?:the\s+)?(?:whole|entire)\s+(?:\w+\s+){0,2}table\b"
)
_UNITS = {"tag": "day", "jour": "day", "día": "day", "dia": "day", "monat": "month", "mes": "month"}


def is_identifier(name: str) -> bool:
    """Whether a name is a plain, possibly dotted SQL identifier that needs no quoting."""
    return _IDENTIFIER.fullmatch(name) is not None and "--" not in name


def sql_statement(step: Step) -> tuple[str | list[str] | None, str]:
    """The statement of a step and, if it was put together, the assumption behind it; None if only a person can say."""
    several = [
        item.slot.value
        for item in step.slots
        if item.slot.name in ("sql", "procedure") and re.search(r"[\s(]", item.slot.value)
    ]
    if len(several) > 1:
        return several, ""
    for slot in ("sql", "procedure"):
        values = step.values(slot)
        if values and slot == "procedure" and (called := _BARE_CALL.fullmatch(values[0].strip())):
            return f"CALL {called.group()}", ""
        if values and (slot == "sql" or " " in values[0] or "(" in values[0]):
            return values[0], ""
        if values and is_identifier(values[0]):
            return f"CALL {values[0]}()", f"The procedure {values[0]!r} is called without arguments."
    granted = _GRANT.search(step.words)
    if granted is not None and all(map(is_identifier, granted.group("table", "who"))):
        return _grant(granted), ""
    called = _CALL.search(step.words)
    if called is not None:
        return f"CALL {called.group('name')}()", ""
    tables = [name for name in step.values("table") if is_identifier(name)]
    if not tables:
        return None, ""
    return _from_table(step, tables[0])


def _grant(found: re.Match[str]) -> str:
    rights = ", ".join(re.split(r"\s*(?:,|\band\b)\s*", found.group("rights").upper()))
    verb, side = ("GRANT", "TO") if found.group("verb").lower() == "grant" else ("REVOKE", "FROM")
    kind = (found.group("kind") or "").strip().upper()
    # Groups and users are named by their kind in some databases only; roles in all.
    who = f"ROLE {found.group('who')}" if kind == "ROLE" else found.group("who")
    return f"{verb} {rights} ON {found.group('table')} {side} {who}"


def _maintenance(verb: str, words: str, table: str) -> str:
    """The statement that keeps a table in order, if that is what the verb asks for."""
    if verb in ("vacuum", "analyze", "optimize"):
        both = verb == "vacuum" and re.search(r"\bvacuum\s+(?:and\s+)?analy[sz]e\b", words)
        return f"{'VACUUM ANALYZE' if both else verb.upper()} {table}"
    if verb == "repair":
        return f"MSCK REPAIR TABLE {table}"
    return ""


def _from_table(step: Step, table: str) -> tuple[str | None, str]:
    verb = step.lemma.split(" ")[0].lower()
    words = step.words.lower()
    kept = _maintenance(verb, words, table)
    if kept:
        return kept, ""
    if verb == "truncate" or re.search(rf"\btrun[ck]\w+\s+(?:\w+\s+){{0,3}}{re.escape(table.lower())}(?![\w.])", words):
        return f"TRUNCATE TABLE {table}", ""
    age = _AGE.search(step.words) or _OLD.search(step.words)
    if step.action == "delete" and age:
        unit = _UNITS.get(age.group("unit").lower(), age.group("unit").lower())
        sql = f"DELETE FROM {table} WHERE created_at < CURRENT_DATE - INTERVAL '{age.group('n')}' {unit.upper()}"
        return sql, f"The age of a row of {table!r} is taken from a column 'created_at'; name the right column."
    if step.action == "delete" and step.conditions:
        return f"DELETE FROM {table} WHERE {' AND '.join(step.conditions)}", ""
    if verb == "drop" and re.search(rf"\bdrop\s+(?:the\s+)?table\b.*{re.escape(table.lower())}", words):
        return f"DROP TABLE IF EXISTS {table}", ""
    if verb == "drop" and not re.search(
        r"\b(?:partitions?|indexe?s?|columns?|rows?|view|schema|database|duplicates?)\b", words
    ):
        return f"DROP TABLE IF EXISTS {table}", ""
    if (
        step.action == "delete"
        and verb in ("delete", "clear", "empty", "purge", "wipe")
        and (verb in ("empty", "wipe") or _EVERYTHING.search(words))
    ):
        return f"DELETE FROM {table}", ""
    if verb == "count":
        where = f" WHERE {' AND '.join(step.conditions)}" if step.conditions else ""
        return f"SELECT COUNT(*) FROM {table}{where}", ""
    if verb in ("refresh", "rebuild", "update") and re.search(r"\b(?:materiali[sz]ed|mview|view)\b", words):
        return f"REFRESH MATERIALIZED VIEW {table}", ""
    if step.action in ("extract", "copy"):
        if step.conditions:
            return f"SELECT * FROM {table} WHERE {' AND '.join(step.conditions)}", ""
        return f"SELECT * FROM {table}", f"All columns and rows of {table!r} are read."
    return None, ""
