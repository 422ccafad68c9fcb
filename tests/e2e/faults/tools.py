"""Faults of tools that tasks call, provoked in the tool itself: its output is kept raw, without an Airflow around it.

    python -m tests.e2e.faults.tools --dbt /path/to/dbt [--only WORD] [--write tests/e2e/faults/corpus/tools.jsonl]

dbt-core 1.10 with dbt-duckdb and dbt-postgres, installed where they do not meet Airflow's own requirements. PostgreSQL
is that of the other faults (`WFINTEL_TEST_POSTGRES`). A fault that did not come about is not written; the status is 1.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import make_url

from airflow_provider_wfintel.cli.demo.processes import ends_on_signals
from tests.e2e.faults.deployment import POSTGRES
from tests.e2e.faults.tool_corpus import collect

__all__ = ["CORPUS", "FAULTS", "ToolFault", "main"]

CORPUS = Path(__file__).with_name("corpus") / "tools.jsonl"
DUCKDB = "shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: shop.duckdb}\n"
SECONDS = 180


def postgres(**changed: object) -> str:
    """A profile for PostgreSQL, with some settings changed."""
    url = make_url(POSTGRES)
    target = {
        "type": "postgres", "host": url.host, "port": url.port or 5432, "user": url.username or "postgres",
        "password": url.password or "none", "dbname": url.database, "schema": "public",
        "connect_timeout": 3, "retries": 0,
        **changed,
    }  # fmt: skip
    return f"shop:\n  target: dev\n  outputs:\n    dev: {json.dumps(target)}\n"


@dataclass(frozen=True, slots=True)
class ToolFault:
    """A dbt project that fails.

    Attributes:
        name: of the fault.
        labels: the root cause, then other classes that are true as well.
        evidence: words that the output holds if the fault really came about.
        files: what lies in `models` (or, with a `/` at the start, in the project).
        profile: where it runs.
        verb: what dbt is asked to do.
        project: more lines of `dbt_project.yml`.
        locked: whether another process holds the database file meanwhile.
    """

    name: str
    labels: tuple[str, ...]
    evidence: str
    files: Mapping[str, str]
    profile: str = DUCKDB
    verb: str = "run"
    project: str = ""
    locked: bool = False
    variables: Mapping[str, str] = field(default_factory=dict)


TESTED = """
    models:
      - name: orders
        columns:
          - name: id
            data_tests: [unique, not_null]
"""
CONTRACT = """
    models:
      - name: orders
        config: {contract: {enforced: true}, materialized: table}
        columns:
          - {name: id, data_type: integer}
          - {name: price, data_type: integer}
"""
NOT_NULL = CONTRACT.replace(
    "{name: id, data_type: integer}", "{name: id, data_type: integer, constraints: [{type: not_null}]}"
)
TABLE = "{{ config(materialized='table') }} "
ONE = {"orders.sql": "select 1 as id"}
FAULTS: tuple[ToolFault, ...] = (
    ToolFault("dbt_no_table", ("missing_table_or_column",), "does not exist", {"orders.sql": "select * from raw_rows"}),
    ToolFault("dbt_syntax", ("sql_error",), "syntax error", {"orders.sql": "selec 1 as id"}),
    ToolFault(
        "dbt_ref", ("dbt_project_error",), "depends on a node", {"orders.sql": "select * from {{ ref('customers') }}"}
    ),
    ToolFault(
        "dbt_column", ("missing_table_or_column",), "not found in FROM",
        {"raw.sql": "select 1 as id", "orders.sql": "select price from {{ ref('raw') }}"},
    ),
    ToolFault(
        "dbt_test_failed", ("data_quality_failed",), "configured to fail",
        {"orders.sql": "select 1 as id union all select 1 union all select null", "orders.yml": TESTED}, verb="build",
    ),
    ToolFault(
        "dbt_variable", ("missing_variable",), "SHOP_REGION",
        {"orders.sql": "select '{{ env_var(\"SHOP_REGION\") }}' as region"},
    ),
    ToolFault(
        "dbt_no_profile", ("dbt_project_error", "missing_connection"), "profile named", ONE,
        profile=DUCKDB.replace("shop:", "other:"),
    ),
    ToolFault("dbt_down", ("connection_refused",), "Connection refused", ONE, profile=postgres(port=1)),
    ToolFault("dbt_unknown_user", ("bad_credentials",), "does not exist", ONE, profile=postgres(user="nobody_here")),
    ToolFault(
        "dbt_no_host", ("dns_failure",), "could not translate host name", ONE,
        profile=postgres(host="warehouse.invalid"),
    ),
    ToolFault(
        "dbt_yaml", ("dbt_project_error",), "Syntax error near line",
        {**ONE, "orders.yml": "models:\n  - name: orders\n    columns\n      - name: id\n"},
    ),
    ToolFault(
        "dbt_conversion", ("type_conversion_error",), "Could not convert",
        {"orders.sql": TABLE + "select cast('12,5' as integer) as price"},
    ),
    ToolFault(
        "dbt_contract", ("schema_mismatch", "dbt_project_error"), "contract",
        {"orders.sql": "select 1 as id, 'x' as price", "orders.yml": CONTRACT},
    ),
    ToolFault(
        "dbt_version", ("version_incompatibility", "dbt_project_error"), "version of dbt", ONE,
        project="require-dbt-version: '>=3.0.0'\n",
    ),
    ToolFault("dbt_locked", ("lock_conflict",), "lock", ONE, locked=True),
    ToolFault(
        "dbt_statement_timeout", ("execution_timeout", "lock_conflict"), "statement timeout",
        {"orders.sql": TABLE + "select pg_sleep(20)::text as slept"},
        profile=postgres(), variables={"PGOPTIONS": "-c statement_timeout=500"},
    ),
    ToolFault(
        "dbt_duplicate_model", ("dbt_project_error",), "orders",
        {"orders.sql": "select 1 as id", "old/orders.sql": "select 2 as id"},
    ),
    ToolFault(
        "dbt_macro", ("dbt_project_error", "template_error"), "is undefined",
        {"orders.sql": "select {{ cents_to_euros('price') }} from (select 1 as price)"},
    ),
    ToolFault(
        "dbt_jinja", ("dbt_project_error", "template_error"), "orders", {"orders.sql": "select 1 {% if true %} as id"}
    ),
    ToolFault(
        "dbt_not_null", ("constraint_violation",), "NOT NULL",
        {
            "orders.sql": "select cast(null as integer) as id, 1 as price",
            "orders.yml": NOT_NULL,
        },
    ),
)  # fmt: skip


def write_project(fault: ToolFault, folder: Path) -> None:
    """The project of a fault."""
    project = f"name: shop\nversion: '1.0'\nprofile: shop\nmodel-paths: [models]\n{fault.project}"
    files = {"/dbt_project.yml": project, "/profiles.yml": fault.profile, **fault.files}
    for name, text in files.items():
        path = folder / name.lstrip("/") if name.startswith("/") else folder / "models" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")


@contextmanager
def _holding(fault: ToolFault, folder: Path, dbt: Path) -> Iterator[None]:
    """Another process that keeps the database file open for writing, for faults that want one."""
    if not fault.locked:
        yield
        return
    code = "import duckdb, time; c = duckdb.connect('shop.duckdb'); print('held', flush=True); time.sleep(300)"
    with subprocess.Popen(
        [str(dbt.parent / "python"), "-c", code], cwd=folder, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        try:
            yield
        finally:
            holder.terminate()


def provoke(fault: ToolFault, dbt: Path) -> tuple[int, str]:
    """Run dbt on the project of a fault; its exit status, and what it printed without the names of this machine."""
    with tempfile.TemporaryDirectory(prefix="wfintel-tool-") as place:
        folder = Path(place)
        write_project(fault, folder)
        around = {**os.environ, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", **fault.variables}
        command = [str(dbt), "--no-use-colors", fault.verb, "--profiles-dir", "."]
        with _holding(fault, folder, dbt):
            done = subprocess.run(
                command, cwd=folder, env=around, capture_output=True, text=True, timeout=SECONDS, check=False
            )
        text = done.stdout + done.stderr
    names = {
        str(folder): "/opt/dbt/shop",
        str(dbt.parent.parent): "/opt/dbt/env",
        sys.prefix: "/usr/local",
        sys.base_prefix: "/usr/local",
    }
    for old, new in names.items():
        text = text.replace(old, new)
    return done.returncode, text


def main() -> int:
    """Provoke, diagnose, print, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--dbt", type=Path, required=True, metavar="PATH")
    parser.add_argument("--only", default="", metavar="WORD")
    parser.add_argument("--write", type=Path, metavar="FILE.jsonl")
    arguments = parser.parse_args()
    return collect(FAULTS, lambda fault: provoke(fault, arguments.dbt), arguments.only, arguments.write)


if __name__ == "__main__":
    with ends_on_signals():
        raise SystemExit(main())
