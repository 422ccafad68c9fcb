"""Are our tables there, in the version of this package, and has Airflow the tables that are read?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from airflow_provider_wfintel.app.doctor.line import Check, Line, Scene, fail, ok

__all__ = ["CHECK", "of_tables"]


def of_tables(missing: Sequence[str], at: Collection[str], newest: Collection[str], known: Collection[str]) -> Line:
    """The line about our tables.

    Args:
        missing: tables that are not there.
        at: revisions that the database says it is at.
        newest: the newest revisions of this package.
        known: all revisions of this package.
    """
    from airflow_provider_wfintel.store.health import MIGRATE_HINT

    if set(at) - set(known):
        there = ", ".join(sorted(set(at) - set(known)))
        return fail(f"the tables are at revision {there}, unknown to this version", "install the newer version")
    if missing:
        return fail(f"{len(missing)} tables are missing: {', '.join(missing[:4])}", MIGRATE_HINT)
    if set(at) != set(newest):
        have = ", ".join(sorted(at)) or "none"
        return fail(f"the tables are at revision {have}, needed is {', '.join(sorted(newest))}", MIGRATE_HINT)
    return ok(f"all tables are there, at revision {', '.join(sorted(newest))}")


def _look(scene: Scene) -> Iterator[Line]:
    from airflow_provider_wfintel.host.airflow_tables import missing_columns
    from airflow_provider_wfintel.store.health import missing_tables
    from airflow_provider_wfintel.store.revisions import known_revisions, newest_revisions, present_revisions

    with scene.sessions() as session:
        missing = missing_tables(session)
        at = present_revisions(session)
        columns = missing_columns(session)
    yield of_tables(missing, at, newest_revisions(), known_revisions())
    if columns:
        yield fail(
            f"Airflow's tables have no {', '.join(columns[:4])}",
            "run `airflow db migrate`, or use a version of this provider that supports your version of Airflow",
        )


CHECK = Check("migrations", _look)
