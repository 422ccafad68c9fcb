"""Has Airflow found what the package adds: provider, plugin, cluster policy?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import metadata

from airflow_provider_wfintel.app.doctor.line import Check, Line, Scene, fail, ok

__all__ = ["CHECK", "of_groups", "of_plugins"]

PLUGIN = "wfintel"
GROUPS = {
    "apache_airflow_provider": "Airflow does not know the provider: no tables, commands and connection types",
    "airflow.plugins": "Airflow does not load the plugin: no routes, pages and listener",
    "airflow.policy": "Airflow does not load the cluster policy: plans and retry policies have no effect",
}
_REINSTALL = "install the package again (pip install --force-reinstall --no-deps airflow-provider-wfintel)"


def of_groups(found: Mapping[str, int]) -> Iterator[Line]:
    """Lines about how many entry points of ours each group has."""
    for group, without in GROUPS.items():
        number = found.get(group, 0)
        if number == 0:
            yield fail(f"no entry point of ours in {group}. {without}", _REINSTALL)
        elif number > 1:
            yield fail(f"{number} entry points of ours in {group}", "remove the copies of the package but one")


def of_plugins(loaded: bool, errors: Mapping[str, str]) -> Iterator[Line]:
    """Lines about whether Airflow has loaded the plugin in this process."""
    for source, error in errors.items():
        if "wfintel" in source.lower():
            yield fail(f"the plugin cannot be loaded: {error.strip().splitlines()[-1][:300]}", "see the whole error in "
                       "`airflow plugins` or under Admin, Plugins")  # fmt: skip
            return
    if not loaded:
        yield fail("Airflow has not loaded the plugin in this process", _REINSTALL)


@cache
def _ours() -> Mapping[str, int]:
    """Our entry points by group. All files of all distributions are read; what comes later needs a new process."""
    known = metadata.entry_points()
    return {
        group: len({item.value for item in known.select(group=group) if item.value.startswith("airflow_provider_wf")})
        for group in GROUPS
    }


def _look(scene: Scene) -> Iterator[Line]:  # noqa: ARG001 - all checks have one signature
    from airflow import plugins_manager

    found = _ours()
    names = {str(item["name"]) for item in plugins_manager.get_plugin_info(["name"])}
    lines = [*of_groups(found), *of_plugins(PLUGIN in names, plugins_manager.get_import_errors())]
    yield from lines or [ok("provider, plugin and cluster policy are found, and the plugin is loaded")]


CHECK = Check("entry_points", _look, needs_database=False)
