"""Literal things in a text: quoted words, code, addresses, paths, tables, lists.

They are found before anything else is read, so that no other stage takes a piece of a literal for a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from airflow_provider_wfintel.engine.model import Span

__all__ = ["Entity", "EntityKind", "find_entities"]

EntityKind: TypeAlias = Literal[
    "code", "quoted", "json", "uri", "url", "arn", "email", "path", "resource", "file", "channel", "list", "table",
    "identifier", "glob", "uuid", "host", "link", "partition", "command", "region", "image",
    "endpoint",
]  # fmt: skip

_EXTENSIONS = (
    "csv|tsv|json|jsonl|ndjson|parquet|avro|orc|xlsx|xls|xml|txt|log|gz|zip|tar|tgz|pdf|html|md|py|sql|sh|ps1|bat|r|jar|ipynb|"
    "yaml|yml|toml|ini|tf|whl|dat|png|jpg|jpeg|feather|edi|hql|cql"
)
_TLD = "com|org|net|io|dev|ai|co|gov|edu|example|local|internal|test|de|fr|es|uk|eu|app|cloud"
_NOT_TABLE = re.compile(
    r"^(?:e\.g|i\.e|a\.m|p\.m|a\.k\.a|etc|vs|z\.b|u\.s|d\.h|node\.js|next\.js|vue\.js|ml\.\w+)$", re.I
)

# Order is precedence: the first pattern that matches at a place wins, and matches never overlap.
_PATTERNS: tuple[tuple[EntityKind, re.Pattern[str]], ...] = (
    ("code", re.compile(r"```(?P<v>.+?)```", re.S)),  # ```select 1```
    ("endpoint", re.compile(r"`(?:GET|POST|PUT|PATCH|DELETE|HEAD)\s+(?P<v>/[^`\s]{0,300})`")),  # `GET /v2/orders`
    ("code", re.compile(r"`(?P<v>[^`\n]{1,600})`")),  # `orders_raw`
    ("link", re.compile(r"\[(?P<v>[^\]\n]{1,200})\]\((?P<u>[^)\s]{1,400})\)")),  # [docs](https://…)
    (
        "code",
        re.compile(r"\((?P<v>(?:select|call|exec|insert|update|delete|merge)\s[^()]*(?:\([^()]*\)[^()]*)*)\)", re.I),
    ),
    (
        "code",
        re.compile(
            r"(?<=\s)(?P<v>(?:(?:SELECT|WITH)\s(?=[^;\n]{1,300}\sFROM\s)|(?:INSERT|MERGE)\s+(?:INTO|OVERWRITE)\s|UPDATE\s+[\w.]{1,200}\s+SET\s|CALL\s+[\w.]{1,200}\()"
            r"(?:'[^'\n]{0,200}'|[^;\n']){1,580}?)(?=\s*(?:;|\n|$|\.(?:\s|$))|,\s+(?:and|at|but|daily|each|every|hourly|if|in|on|results?|retry|then|when|with)\b"
            r"|\s+(?:against|and|at|daily|every|in|into|on|then|to|using|via|with)\s)"
        ),
    ),  # SELECT in capitals, without quotes: ends where the words go on in small letters
    (
        "code",
        re.compile(
            r"(?:(?<=query:)|(?<=sql:)|(?<=statement:)|(?<=command:)|(?<=queries:)|(?<=statements:))[ \t]*(?P<v>(?:SELECT|WITH|INSERT|UPDATE|DELETE|MERGE|CALL|EXEC|MSCK|ALTER|CREATE|DROP|TRUNCATE|VACUUM|OPTIMIZE|REFRESH|ANALYZE|UNLOAD|GRANT|REVOKE|SHOW)\s"
            r"(?:'[^'\n]{0,200}'|[^;\n']){2,580}?)(?=\s*(?:;|\n|$|\.(?:\s|$))|,\s+(?:and|then|results?|daily|every|each)\b)",
            re.I,
        ),
    ),  # query: MSCK REPAIR TABLE x
    (
        "code",
        re.compile(
            r"(?<=[\s(])(?P<v>(?:MSCK\s+REPAIR\s+TABLE|OPTIMIZE(?:\s+TABLE)?|TRUNCATE\s+TABLE|INVALIDATE\s+METADATA|VACUUM(?:\s+(?:FULL|ANALYZE))*|ANALYZE(?:\s+TABLE)?|REFRESH\s+(?:MATERIALIZED\s+VIEW|TABLE)|REINDEX\s+TABLE)"
            r"\s+[a-z_]\w*(?:\.\w+)*(?:\s+(?:ZORDER\s+BY\s+)?\([\w,\s]+\))?)(?=[\s.,;)]|$)"
        ),
    ),  # MSCK REPAIR TABLE x, in capitals
    ("json", re.compile(r"(?P<v>\{\s*[\"'][^\n]{0,2000}\})")),  # {"state": "ready"}
    ("quoted", re.compile(r"[“„](?P<v>[^”“\n]{1,600})[”“]")),  # “Sales Overview”
    ("quoted", re.compile(r"«\s?(?P<v>[^»\n]{1,600}?)\s?»")),  # «Ventas»
    (
        "command",
        re.compile(
            r"(?<![\w/`'\"-])(?P<v>(?:spark-submit|dbt (?:run|build|test|seed|snapshot) -{1,2}\w|python3? [\w./-]+\.py|aws s3 (?:cp|sync|mv|rm) |gsutil |psql -|"
            r"kubectl \w|docker run |curl -|rsync |scp |(?:pg_dump|mysqldump) (?!(?:the|our|a|all|of|from|database|db)\b)|hdfs dfs |gzip -|tar -|bq (?:load|query) )[^,;\n]*?)"
            r"(?=\s*(?:[,;\n]|$|\.(?:\s|$)|\s(?:then|and|via|on) )|\s(?:in|inside|from)\s+(?:the\s+(?:folder|directory)\s+)?[~.]{0,2}/)",
            re.I,
        ),
    ),
    (
        "command",
        re.compile(
            r"(?<=command:)[ \t]*(?P<v>[^\s;`][^;\n]{0,400}?)(?=\s*(?:;|\n|$|\.(?:\s|$)|,\s+(?:then|and)\b))", re.I
        ),
    ),  # shell command: rotate.sh --keep "7"
    ("quoted", re.compile(r"(?<![\w\"])(?:\b[frbu]{1,2})?\"(?P<v>[^\"\n]{1,600})\"(?![\w])", re.I)),  # "Sales Overview"
    ("quoted", re.compile(r"(?<![\w'])'(?P<v>[^'\n]{1,300})'(?![\w'])")),  # 'full refresh'
    (
        "uri",
        re.compile(
            r"(?P<v>\b(?:s3[an]?|gs|gcs|abfss?|wasbs?|adl|hdfs|file|sftp|ftp|dbfs|viewfs|oss)://(?:\{\{[^}\n]*\}\}|\$\{[^}\n]*\}|<\w+>|[^\s,;)\]\"'<>→])+)",
            re.I,
        ),
    ),
    ("url", re.compile(r"(?P<v>\bhttps?://(?:\{\{[^{}\n]*\}\}|[^\s,;)\]\"'<>→])+)", re.I)),
    (
        "endpoint",
        re.compile(
            r"(?:(?<=\bGET )|(?<=\bPOST )|(?<=\bPOST to )|(?<=\bPUT )|(?<=\bPUT to )|(?<=\bPATCH )|(?<=\bDELETE ))(?P<v>/[\w.~%+{}@/-]+)(?![\w?{/.~%+}@-])"
        ),
    ),  # POST to /v1/crawl
    (
        "endpoint",
        re.compile(
            r"(?<![\w/:.~<])(?P<v>/(?:\{\{[^{}\n]*\}\}|[\w.~%+{}@/-])*\?(?=[\w\[\].-]{1,60}=)(?:\{\{[^{}\n]*\}\}|[\w.~%+@=&:,\[\]/-])+)"
        ),
    ),  # /v2/orders?since={{ ds }}
    ("arn", re.compile(r"(?P<v>\barn:[\w-]+:[\w-]+:[\w-]*:\d*:[^\s,;]+)")),
    ("email", re.compile(r"(?P<v>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+)")),
    ("channel", re.compile(r"(?<![\w&/#])(?P<v>#[a-z][\w-]{0,79})")),  # #data-alerts
    ("list", re.compile(r"(?P<v>\[[^\[\]\n]{1,400}\])")),  # [Oslo, Bergen]
    ("list", re.compile(r"(?P<v>\((?:[\w-]+)(?:\s?,\s?[\w-]+){2,}\))")),  # (oslo, bergen, hamar)
    ("partition", re.compile(r"(?P<v>\b[a-z_]{1,20}=(?:<\w+>|\{\{?\s?\w+\s?\}?\}|\d{4}-\d\d-\d\d))")),  # dt=<today>
    ("uuid", re.compile(r"(?P<v>\b[0-9a-f]{8}(?:-[0-9a-f]{4,12}){1,4}\b)", re.I)),
    (
        "region",
        re.compile(
            r"(?P<v>\b(?:us|eu|europe|asia|ap|sa|ca|me|af|northamerica|southamerica|australia)-(?:north|south|east|west|central)(?:east|west)?-?\d\b)"
        ),
    ),
    (
        "image",
        re.compile(r"(?P<v>\b[\w-]+(?:\.[\w-]+)+(?::\d+)?/[\w./-]+(?::[\w.-]+|@sha256:\w+))"),
    ),  # ghcr.io/acme/etl:4.0
    ("resource", re.compile(r"(?P<v>\b[a-z][\w.-]+/[\w.-]+/[\w.-]+(?:/[\w.-]+)+)")),  # projects/p/topics/t
    (
        "path",
        re.compile(
            r"(?<![\w/:.])(?P<v>[A-Za-z][\w.-]*(?:/[\w.=-]*)*/(?:[\w.=-]*\{\{[^{}\n]{1,80}\}\}[\w./=-]*[\w/])+)"
        ),
    ),  # rates/{{ ds }}.json
    (
        "path",
        re.compile(
            r"(?<![\w/:.{}])(?P<v>(?=[\w./-]{0,80}\{\w)(?:[\w.-]|\{\w{1,30}\}){1,80}(?:/(?:[\w.=-]|\{\w{1,30}\}){1,80}){1,12}/?)"
        ),
    ),  # sql/{region}.sql
    (
        "table",
        re.compile(
            r"(?<![\w.{}])(?P<v>(?=[\w.]{0,80}\{\w)[A-Za-z_](?:\w|\{\w{1,30}\}){0,80}(?:\.(?:\w|\{\w{1,30}\}){1,80}){1,2})"
        ),
    ),  # stg.orders_{region}
    (
        "identifier",
        re.compile(r"(?P<v>\b[A-Za-z_][\w-]{0,80}\{\w{1,30}\}(?:[\w-]|\{\w{1,30}\}){0,80})"),
    ),  # orders_{region}
    (
        "path",
        re.compile(r"(?<![\w/:.~<])(?P<v>(?:~|\.{1,2})?(?:/(?:\{\{[^{}\n]*\}\}|[\w.*=@%+{}<>-])+)+/?)"),
    ),  # /data/in, ./x
    ("identifier", re.compile(r"(?P<v>\b[\w.-]+\{\{[^{}\n]{1,80}\}\}(?:[\w.-]*[\w-])?)")),  # clicks-{{ ds }}
    ("path", re.compile(r"(?P<v>\b[A-Za-z]:\\[^\s,;\"']+)")),  # C:\data\in
    ("path", re.compile(rf"(?P<v>\b[\w-]+(?:/[\w.*-]+)*/[\w.*-]+\.(?:{_EXTENSIONS})\b)", re.I)),  # sql/orders.sql
    ("path", re.compile(r"(?<![\w/])(?P<v>[A-Za-z][\w-]*(?:/[\w-]+)*/)(?=[\s,;.)]|$)")),  # logs/
    ("glob", re.compile(r"(?<![\w/*])(?P<v>[\w-]*\*[\w-]*\.[A-Za-z]\w{0,7}|[\w.-]{2,}-\*)(?![\w*])")),  # *.xlsx, logs-*
    ("file", re.compile(rf"(?P<v>\b[\w][\w.-]*\.(?:{_EXTENSIONS})(?:\.gz|\.zip)?)\b(?!\.\w)", re.I)),
    ("uri", re.compile(r"(?P<v>\b[a-z][a-z0-9+-]{1,20}://[^\s,;)\]\"'<>→]+)", re.I)),  # snowflake://dwh/dim
    ("host", re.compile(rf"(?P<v>\b(?:[\w-]+\.)+(?:{_TLD}))(?::\d+)?\b(?!\.?\w)")),
    ("table", re.compile(r"(?P<v>\b[A-Za-z_][\w$-]*(?:\.[A-Za-z_][\w$-]*){1,3})(?![\w.]*\w\()")),  # stg.orders
    ("identifier", re.compile(r"(?P<v>\b[a-z]+(?:-[a-z0-9]+)*-\d[\w.]*(?:-[\w.]+)*\b)")),  # text-embedding-3-small
    ("identifier", re.compile(r"(?P<v>\b[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+)\b")),  # orders_raw
)


@dataclass(frozen=True, slots=True)
class Entity:
    """A literal thing: its kind, its value without quotes, and the words with quotes."""

    kind: EntityKind
    value: str
    span: Span


def _trimmed(kind: EntityKind, value: str) -> str:
    """The value without the punctuation of the sentence around it."""
    if kind in ("url", "uri", "arn", "path", "resource", "glob", "image", "endpoint"):
        return value.rstrip(".,;:!?)")
    return value


def _collect(text: str) -> list[Entity]:
    taken = bytearray(len(text))
    found: list[Entity] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(taken[start:end]):
                continue
            value = _trimmed(kind, match.group("v"))
            end -= len(match.group("v")) - len(value)
            if not value.strip() or (kind == "table" and _NOT_TABLE.match(value)):
                continue
            for index in range(start, end):
                taken[index] = 1
            found.append(Entity(kind, value, Span(start, end)))
    return found


def find_entities(text: str) -> tuple[Entity, ...]:
    """All literal things of a text in the order of the text; they never overlap."""
    return tuple(sorted(_collect(text), key=lambda item: item.span))
