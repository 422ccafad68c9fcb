"""The class that Airflow's plugin loader loads.

This module is imported in every Airflow process. Nothing heavy may be imported here, not even indirectly.
"""

from __future__ import annotations

from airflow.plugins_manager import AirflowPlugin

from airflow_provider_wfintel.plugin import listener
from airflow_provider_wfintel.plugin.asgi import App, LazyApp
from airflow_provider_wfintel.plugin.lifespan import CollectorLifespan
from airflow_provider_wfintel.plugin.pages import FILES_PREFIX, build_files_app, react_apps

__all__ = ["WfIntelPlugin"]


def _build_rest_app() -> App:
    import threading

    from airflow_provider_wfintel.api.app import create_app
    from airflow_provider_wfintel.app.warm import warm_up

    app = create_app()
    # The first answer comes from a page that needs none of it, such as the card; the first preview finds it loaded.
    threading.Thread(target=warm_up, name="wfintel-warm-up", daemon=True).start()
    return app


_REST = LazyApp(_build_rest_app)


def _get_ready() -> None:
    """Once the server serves: build the app and load what a diagnosis needs, which takes seconds on a busy machine."""
    _REST.build_ahead()
    from airflow_provider_wfintel.app.diagnose import get_ready

    get_ready()


class ServerLifespan(CollectorLifespan):
    """The collector, and what is got ready; no `kwargs`, because Airflow shows those of middlewares over REST."""

    def __init__(self, app: App) -> None:
        super().__init__(app, ahead=_get_ready)


class WfIntelPlugin(AirflowPlugin):
    """Registers what the provider adds to Airflow: REST routes, pages, the collector and the listener."""

    name = "wfintel"
    fastapi_apps = [  # noqa: RUF012 - declared so by Airflow's class
        {"app": _REST, "url_prefix": "/wfintel", "name": "Workflow Intelligence"},
        {"app": LazyApp(build_files_app), "url_prefix": FILES_PREFIX, "name": "Workflow Intelligence pages"},
    ]
    fastapi_root_middlewares = [  # noqa: RUF012
        {"middleware": ServerLifespan, "args": [], "kwargs": {}, "name": "Workflow Intelligence collector"}
    ]
    listeners = [listener]  # noqa: RUF012
    react_apps = react_apps()
