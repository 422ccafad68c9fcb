"""The pages that the plugin adds to Airflow's UI, and the files that they are made of."""

from __future__ import annotations

import os
from typing import Any

from airflow_provider_wfintel import __version__
from airflow_provider_wfintel.plugin.asgi import App

__all__ = ["FILES_PREFIX", "build_files_app", "react_apps"]

FILES_PREFIX = "/wfintel-ui"
_DIST = os.path.join(os.path.dirname(__file__), "www", "dist")  # noqa: PTH118, PTH120 - pathlib costs import time


def react_apps() -> list[dict[str, Any]]:
    """Airflow's descriptions of our pages.

    The addresses are relative, so that they hold where Airflow is served below a path. Each page asks for the bundle
    under an address of its own: Airflow's UI cannot load two pages from one address.
    """
    return [
        _page("Workflow Intelligence", "nav", "wfintel", nav_top_level=True),
        _page("Workflow Intelligence card", "dashboard", "wfintel_card"),
        _page("Health and layout", "dag", "wfintel_dag"),
        _page("Where time went", "dag_run", "wfintel_run"),
        _page("Why it failed", "task_instance", "wfintel_diagnosis"),
    ]


def _page(name: str, destination: str, route: str, **more: Any) -> dict[str, Any]:
    bundle = f"{FILES_PREFIX[1:]}/main.umd.cjs?v={__version__}&app={route}"
    return {"name": name, "bundle_url": bundle, "destination": destination, "url_route": route, **more}


def build_files_app() -> App:
    """An app that serves the bundle. It holds no data, so that nobody has to be logged in."""
    import mimetypes

    from starlette.staticfiles import StaticFiles

    # Browsers refuse a script module that is not served as JavaScript.
    mimetypes.add_type("application/javascript", ".cjs")
    return StaticFiles(directory=_DIST)
