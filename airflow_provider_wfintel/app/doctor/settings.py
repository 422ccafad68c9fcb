"""Can the `[wfintel]` section and the files that it names be followed?"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator

from airflow_provider_wfintel.app.doctor.line import Check, Line, Scene, fail, ok, warn
from airflow_provider_wfintel.config import SECTION, Settings, read_settings
from airflow_provider_wfintel.exceptions import WfIntelError

__all__ = ["CHECK", "unknown_options"]


def unknown_options(options: Iterable[str]) -> Iterator[Line]:
    """A line for each option of the section that nobody reads, as after a typing error."""
    known = sorted(Settings.__slots__)
    for option in sorted(set(options) - set(known)):
        near = difflib.get_close_matches(option, known, n=1)
        fix = f"did you mean {near[0]}?" if near else "remove it; docs/reference lists the options"
        yield warn(f"[{SECTION}] {option} is set, and no option has this name", fix)


def _look(scene: Scene) -> Iterator[Line]:
    from airflow.providers.common.compat.sdk import conf

    yield from unknown_options(conf.getsection(SECTION) or {})
    try:
        read_settings()
    except WfIntelError as error:
        yield fail(error.message, error.hint)
        return
    broken = False
    for what, read in _files(scene):
        try:
            read()
        except WfIntelError as error:
            broken = True
            yield fail(f"{what}: {error.message}", error.hint)
    if not broken:
        yield ok("the section and the files that it names can be followed")


def _files(scene: Scene) -> Iterator[tuple[str, Callable[[], object]]]:
    from airflow_provider_wfintel.app.plan_file import entries
    from airflow_provider_wfintel.app.troubleshooting.settings import current_policy
    from airflow_provider_wfintel.engine.catalog import load_catalog

    settings = scene.settings
    yield "services_folder", lambda: load_catalog(settings.services_folder)
    yield "remedy_policy_file", lambda: current_policy(settings.remedy_policy_file)
    if settings.plan_file is not None:
        plan_file = settings.plan_file
        yield "plan_file", lambda: entries(plan_file)


CHECK = Check("settings", _look, needs_database=False)
