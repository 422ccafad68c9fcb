"""SQL that the words state or fully imply.

Statements are put together only from names that `is_identifier` accepts, so no other words reach the SQL text.
"""

# ruff: noqa: S608

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.reading.steps import Step

__all__ = ["is_identifier", "older_than", "sql_statement"]

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


# Databases that drop partitions by a comparison of their values.
_PARTITIONED = frozenset(("hive", "spark"))
_UNIT_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


def older_than(column: str, number: int, unit: str, service: str) -> str:
    """The condition for rows of a certain age, as the database of `service` spells times; `unit` in the singular."""
    if service == "google_bigquery":
        return f"DATE({column}) < DATE_SUB(CURRENT_DATE(), INTERVAL {number} {unit.upper()})"
    if service in ("snowflake", "amazon_redshift", "databricks"):
        return f"{column} < DATEADD({unit}, -{number}, CURRENT_DATE)"
    if service == "mssql":
        return f"{column} < DATEADD({unit}, -{number}, CAST(GETDATE() AS DATE))"
    if service in ("mysql", "mariadb"):
        return f"{column} < CURRENT_DATE - INTERVAL {number} {unit.upper()}"
    if service == "oracle":
        months = {"month": 1, "year": 12}.get(unit)
        days = number * _UNIT_DAYS[unit]
        return (
            f"{column} < ADD_MONTHS(TRUNC(SYSDATE), -{number * months})"
            if months
            else f"{column} < TRUNC(SYSDATE) - {days}"
        )
    if service == "sqlite":
        days = number * 7 if unit == "week" else number
        return f"{column} < DATE('now', '-{days} {'day' if unit == 'week' else unit}s')"
    return f"{column} < CURRENT_DATE - INTERVAL '{number}' {unit.upper()}"


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


def _by_age(step: Step, table: str, number: int, unit: str) -> tuple[str, str]:
    """The deletion of old rows, or of old partitions where the database has them as such."""
    unit, service = _UNITS.get(unit, unit), step.target or step.source
    if service in _PARTITIONED and re.search(r"\bpartitions?\b", step.words, re.IGNORECASE):
        before = f"{{{{ macros.ds_add(ds, -{number * _UNIT_DAYS[unit]}) }}}}"
        sql = f"ALTER TABLE {table} DROP IF EXISTS PARTITION (dt < '{before}')"
        return sql, f"The table {table!r} is partitioned by the day in a column 'dt'; name the right column."
    sql = f"DELETE FROM {table} WHERE {older_than('created_at', number, unit, service)}"
    return sql, f"The age of a row of {table!r} is taken from a column 'created_at'; name the right column."


_EMPTIES = frozenset({"empty", "wipe", "vider", "vide", "vaciar", "vacía", "esvaziar", "leeren", "leere", "清空"})


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
        return _by_age(step, table, int(age.group("n")), age.group("unit").lower())
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
        and (verb in ("delete", "clear", "purge") or verb in _EMPTIES)
        and (verb in _EMPTIES or _EVERYTHING.search(words))
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
