"""Are the pages there, and does the api-server serve the same files as this installation has?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from airflow_provider_wfintel.app.doctor.line import Check, Line, Scene, fail, ok

__all__ = ["CHECK", "addresses", "bundles_of", "of_answer"]

_SECONDS = 15.0
_DIST = Path(__file__).resolve().parents[2] / "plugin" / "www" / "dist"


def bundles_of(plugins: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Addresses of our pages' bundles, without query, as Airflow's plugin registry has them."""
    pages = [page for plugin in plugins if plugin.get("name") == "wfintel" for page in plugin.get("react_apps", ())]
    return frozenset(str(page["bundle_url"]).partition("?")[0] for page in pages)


def of_answer(status: int, served: bytes, local: bytes) -> Line:
    """The line about what the api-server gave."""
    if status != 200:
        return fail(f"the api-server answers {status} for the pages", "restart the api-server; see its log for wfintel")
    if hashlib.sha256(served).digest() != hashlib.sha256(local).digest():
        return fail("the api-server serves other pages than this installation has", "install one version everywhere")
    return ok(f"the api-server serves the pages ({len(served) // 1024} KiB)")


def _look(scene: Scene) -> Iterator[Line]:
    from airflow import plugins_manager
    from airflow.providers.common.compat.sdk import conf

    bundles = bundles_of(plugins_manager.get_plugin_info(["name", "react_apps"]))
    if not bundles:
        yield fail("the plugin has registered no pages", "see the check entry_points")
        return
    for address in sorted(bundles):
        path = _DIST / address.rpartition("/")[2]
        if not path.is_file():
            yield fail(f"{path.name} is not in the package", "install a wheel that has the pages, or `make ui`")
            continue
        if not scene.may_write:  # asked by the api-server itself
            yield ok(f"{path.name} is there ({path.stat().st_size // 1024} KiB)")
            continue
        base = conf.get("api", "base_url", fallback="") or f"http://localhost:{conf.get('api', 'port')}"
        inside = conf.get("core", "execution_api_server_url", fallback="") or ""
        yield _served(addresses(inside, base), address, path.read_bytes())


def addresses(execution_url: str, base_url: str) -> tuple[str, ...]:
    """Where to ask: as tasks reach the api-server, and as people do.

    In containers and behind a proxy `[api] base_url` is an address for browsers that processes often cannot reach.
    """
    inside = execution_url.rstrip("/").removesuffix("/execution")
    return tuple(dict.fromkeys(place for place in (inside, base_url.rstrip("/")) if place))


def _served(places: Sequence[str], address: str, local: bytes) -> Line:
    """The line about the first place that answers."""
    import requests

    silent = []
    for base in places:
        with requests.Session() as session:
            # No proxy stands between this machine and itself.
            session.trust_env = urlsplit(base).hostname not in ("127.0.0.1", "localhost", "::1")
            try:
                answer = session.get(f"{base}/{address}", timeout=_SECONDS)
            except requests.RequestException as error:
                silent.append(f"{base} ({type(error).__name__})")
                continue
        return of_answer(answer.status_code, answer.content, local)
    fix = "start `airflow api-server`, or set [core] execution_api_server_url or [api] base_url to its address"
    return fail(f"no api-server answers at {' or '.join(silent)}", fix)


CHECK = Check("pages", _look, needs_database=False)
