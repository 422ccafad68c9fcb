"""The catalogue: services, their actions and operator signatures, loaded once and in parts.

Services are read at once. Actions and signatures are read when somebody asks for them, one file per
distribution, so that detecting names in a text never pays for two thousand signatures.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.engine.catalog.read import read_actions, read_data, read_services, read_signatures
from airflow_provider_wfintel.engine.catalog.records import OperatorSignature, Service, ServiceAction
from airflow_provider_wfintel.engine.model import Action
from airflow_provider_wfintel.exceptions import CatalogError

__all__ = ["DATA_FOLDER", "Catalog", "load_catalog", "load_folder"]

DATA_FOLDER = Path(__file__).parent / "data"
_USER_SUFFIXES = (".json", ".yaml", ".yml")


class Catalog:
    """What is known about services. Build it with `load_catalog`; it never changes afterwards.

    Attributes:
        services: all services that a text can name, sorted by id.
        builtins: what Airflow itself brings (`bash`, `python`, `sql`, `filesystem`, `airflow`, `human`): they have
            actions like a service, but no alias and are never detected by name.
    """

    def __init__(
        self,
        folder: Path,
        services: Iterable[Service],
        builtins: Iterable[Service],
        extra_actions: Iterable[ServiceAction] = (),
    ) -> None:
        self.services: tuple[Service, ...] = tuple(sorted(services, key=lambda item: item.id))
        self.builtins: tuple[Service, ...] = tuple(builtins)
        self._folder = folder
        self._by_id = {item.id: item for item in (*self.builtins, *self.services)}
        self._extra_actions = tuple(extra_actions)
        self._signatures: dict[str, Mapping[str, OperatorSignature]] = {}

    def service(self, service_id: str) -> Service:
        """The service or builtin called `service_id`.

        Raises:
            CatalogError: there is none.
        """
        try:
            return self._by_id[service_id]
        except KeyError:
            raise CatalogError(
                f"no service {service_id!r} in the catalogue", hint="`wfintel services` lists all of them"
            ) from None

    def __contains__(self, service_id: object) -> bool:
        return service_id in self._by_id

    @cached_property
    def _actions(self) -> Mapping[str, tuple[ServiceAction, ...]]:
        found: list[ServiceAction] = list(self._extra_actions)
        for path in sorted((self._folder / "actions").glob("*.json")):
            found.extend(read_actions(read_data(path), path.name))
        by_service: dict[str, list[ServiceAction]] = {}
        for item in found:
            by_service.setdefault(item.service, []).append(item)
        # Sorting is stable: among equals the order of the files decides, records of the user first.
        return {key: tuple(sorted(items, key=lambda item: -item.priority)) for key, items in by_service.items()}

    def actions(self, service_id: str, action: Action | None = None) -> tuple[ServiceAction, ...]:
        """What can be done with a service, best first; transfers to other services are among them."""
        found = self._actions.get(service_id, ())
        return found if action is None else tuple(item for item in found if item.action == action)

    @property
    def services_with_actions(self) -> tuple[str, ...]:
        """The ids that have at least one action."""
        return tuple(self._actions)

    def transfers(self, source: str, target: str) -> tuple[ServiceAction, ...]:
        """The ways to bring data from one service to another in one task, best first."""
        return tuple(item for item in self._actions.get(source, ()) if item.target_service == target)

    def notifier(self, service_id: str) -> ServiceAction | None:
        """The notifier class to call on success or failure, if the provider has one."""
        return next((item for item in self.actions(service_id, "notify") if item.kind == "notifier"), None)

    def signature(self, path: str) -> OperatorSignature:
        """The signature of the class `"module:Class"`.

        Raises:
            CatalogError: no provider distribution that the catalogue knows has such a class.
        """
        distribution = self.distribution_of(path)
        found = self._signature_file(distribution).get(path) if distribution else None
        if found is None:
            raise CatalogError(f"no class {path!r} in the catalogue", hint="the form is 'package.module:Class'")
        return found

    def signatures(self, distribution: str) -> tuple[OperatorSignature, ...]:
        """All classes of a distribution, sorted by path; none if it is not known."""
        known = distribution in self.distributions
        return tuple(self._signature_file(distribution).values()) if known else ()

    @cached_property
    def distributions(self) -> Mapping[str, str]:
        """The provider distributions whose classes are known, with the version that was read."""
        index: dict[str, Any] = read_data(self._folder / "distributions.json")
        return {name: record["version"] for name, record in index.items()}

    @cached_property
    def _packages(self) -> tuple[tuple[str, str], ...]:
        index: dict[str, Any] = read_data(self._folder / "distributions.json")
        pairs = [(f"{record['package']}.", name) for name, record in index.items()]
        return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))

    def distribution_of(self, path: str) -> str:
        """The distribution that brings the class or module, empty if it is not known."""
        module = path.partition(":")[0] + "."
        return next((name for package, name in self._packages if module.startswith(package)), "")

    def _signature_file(self, distribution: str) -> Mapping[str, OperatorSignature]:
        found = self._signatures.get(distribution)
        if found is None:
            path = self._folder / "operators" / f"{distribution}.json"
            found = read_signatures(read_data(path), path.name)
            self._signatures[distribution] = found
        return found

    @cached_property
    def version(self) -> str:
        """Twelve hex digits that change whenever a record changes."""
        digest = hashlib.sha256()
        for path in sorted(self._folder.rglob("*.json")):
            digest.update(path.relative_to(self._folder).as_posix().encode())
            digest.update(path.read_bytes())
        digest.update(repr((self.services, self._extra_actions)).encode())
        return digest.hexdigest()[:12]


def load_catalog(extra_folder: Path | None = None) -> Catalog:
    """The catalogue, with the services of `extra_folder` added.

    Every `*.json`, `*.yaml` and `*.yml` file of the folder holds a list of services, or an object with the keys
    `services` and `actions`. A service with the id of a shipped one takes its place. The result is cached.

    Raises:
        CatalogError: the folder does not exist or a record does not follow the schema.
    """
    return _load(extra_folder.resolve() if extra_folder is not None else None)


def load_folder(folder: Path, extra_folder: Path | None = None) -> Catalog:
    """The catalogue of a data folder, not cached; `load_catalog` is for everyday use.

    Raises:
        CatalogError: a file is missing or a record does not follow the schema.
    """
    services: dict[str, Service] = {}
    for path in sorted((folder / "services").glob("*.json")):
        for item in read_services(read_data(path), path.name):
            services[item.id] = item
    builtins = read_services(read_data(folder / "builtins.json"), "builtins.json")
    actions: list[ServiceAction] = []
    if extra_folder is not None:
        own, actions = _read_user_folder(extra_folder)
        services.update({item.id: item for item in own})
        for action in actions:
            if action.service not in services and all(action.service != item.id for item in builtins):
                raise CatalogError(f"an action names the unknown service {action.service!r}", hint="add the service")
    return Catalog(folder, services.values(), builtins, actions)


@cache
def _load(extra_folder: Path | None) -> Catalog:
    return load_folder(DATA_FOLDER, extra_folder)


def _read_user_folder(folder: Path) -> tuple[list[Service], list[ServiceAction]]:
    if not folder.is_dir():
        raise CatalogError(f"{folder}: no such folder", hint="name a folder that holds JSON or YAML files")
    services: list[Service] = []
    actions: list[ServiceAction] = []
    seen: dict[str, str] = {}
    for path in sorted(item for item in folder.iterdir() if item.suffix in _USER_SUFFIXES):
        data = read_data(path)
        records = data if isinstance(data, dict) else {"services": data}
        unknown = sorted(set(records) - {"services", "actions"})
        if unknown:
            raise CatalogError(f"{path}: unknown key {unknown[0]!r}", hint="known keys: services, actions")
        for key, value in records.items():
            if not isinstance(value, list):
                raise CatalogError(f"{path}: {key} must be a list, got {type(value).__name__}")
        found = read_services(records.get("services", ()), str(path))
        for item in found:
            if item.id in seen:
                raise CatalogError(f"{path}: service {item.id!r} is already in {seen[item.id]}")
            seen[item.id] = str(path)
        services.extend(found)
        actions.extend(read_actions(records.get("actions", ()), str(path)))
    return services, actions
