"""The tables can be made with the oldest SQLAlchemy that is allowed: Python 3.10 has 2.0, newer ones 2.1."""

from __future__ import annotations

from airflow_provider_wfintel.store.tables import Base


def test_no_table_has_an_argument_that_sqlalchemy_2_0_does_not_know() -> None:
    known = {
        "postgresql": {
            "inherits", "partition_by", "with_oids", "on_commit", "tablespace", "using", "ignore_search_path",
        },
        "sqlite": {"autoincrement", "with_rowid", "strict"},
    }  # fmt: skip
    for table in Base.metadata.tables.values():
        for argument in table.dialect_kwargs:
            dialect, _, name = argument.partition("_")
            assert name in known.get(dialect, set()), f"{table.name}: {argument}"
