"""Are the versions of Python, Airflow and of what the package needs those that it needs?"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import metadata

from airflow_provider_wfintel.app.doctor.line import Check, Line, Scene, fail, ok, warn

__all__ = ["CHECK", "of_requirements"]

DISTRIBUTION = "airflow-provider-wfintel"
TRIED_WITH = (3, 3)
"""Newest minor version of Airflow that the tests ran with."""


def of_requirements(requirements: Iterable[str], installed: Callable[[str], str]) -> Iterator[Line]:
    """A line for each requirement that is not met.

    Args:
        requirements: as a distribution states them (PEP 508); those of extras are left out.
        installed: gives the version of a distribution, or raises `PackageNotFoundError`.
    """
    from packaging.requirements import Requirement

    for text in requirements:
        need = Requirement(text)
        if need.marker is not None and not need.marker.evaluate({"extra": ""}):
            continue
        try:
            version = installed(need.name)
        except metadata.PackageNotFoundError:
            yield fail(f"{need.name} is not installed", f'pip install "{need.name}{need.specifier}"')
            continue
        if not need.specifier.contains(version, prereleases=True):
            yield fail(
                f"{need.name} is {version}, needed is {need.specifier}", f'pip install "{need.name}{need.specifier}"'
            )


def of_airflow(version: str) -> Line:
    """The line about Airflow's own version."""
    from packaging.version import Version

    found = Version(version)
    if (found.major, found.minor) > TRIED_WITH:
        tried = ".".join(map(str, TRIED_WITH))
        return warn(f"Airflow {version} is newer than {tried}, the last tried", "see the changelog for a newer version")
    return ok(f"Airflow {version}")


def _look(scene: Scene) -> Iterator[Line]:  # noqa: ARG001 - all checks have one signature
    yield from _found()


@cache
def _found() -> tuple[Line, ...]:
    """All lines. They are those of this process: what is installed later counts after a restart."""
    return tuple(_lines())


def _lines() -> Iterator[Line]:
    try:
        wanted = metadata.requires(DISTRIBUTION) or []
        ours = metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        yield fail(
            f"the distribution {DISTRIBUTION} is not installed, only its files are on the path",
            f"pip install {DISTRIBUTION}: without it Airflow finds no entry points",
        )
        return
    missing = list(of_requirements(wanted, metadata.version))
    yield from missing
    yield of_airflow(metadata.version("apache-airflow-core"))
    if not missing:
        python = ".".join(map(str, sys.version_info[:3]))
        yield ok(f"{DISTRIBUTION} {ours}, Python {python}, all requirements are met")


CHECK = Check("versions", _look, needs_database=False)
