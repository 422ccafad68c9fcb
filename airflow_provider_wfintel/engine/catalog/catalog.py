"""The catalogue: services, their actions and operator signatures, loaded once and in parts.

Services are read at once. Actions and signatures are read when somebody asks for them, one file per
distribution, so that detecting names in a text never pays for two thousand signatures.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.engine.catalog.files import DATA_FOLDER, read_data
from airflow_provider_wfintel.engine.catalog.read import read_actions, read_services, read_signatures
from airflow_provider_wfintel.engine.catalog.records import OperatorSignature, Service, ServiceAction
from airflow_provider_wfintel.engine.catalog.sources import ArgumentSource, ConnectionSource
from airflow_provider_wfintel.engine.model import Action
from airflow_provider_wfintel.exceptions import CatalogError

__all__ = ["DATA_FOLDER", "Catalog", "load_catalog", "load_folder"]

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
        self._actions: dict[str, Mapping[str, list[ServiceAction]]] = {}
        self._resolved: dict[str, tuple[ServiceAction, ...]] = {}
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

    def _own_actions(self, service_id: str) -> tuple[ServiceAction, ...]:
        """The records that name the service itself, the user's first, best first."""
        item = self._by_id.get(service_id)
        if item is None:
            return ()
        group = action_group(item)
        if group not in self._actions:
            path = self._folder / "actions" / f"{group}.json"
            records = read_actions(read_data(path), path.name) if path.exists() else []
            by_service: dict[str, list[ServiceAction]] = {}
            for record in records:
                by_service.setdefault(record.service, []).append(record)
            self._actions[group] = by_service
        found = [
            *(action for action in self._extra_actions if action.service == service_id),
            *self._actions[group].get(service_id, ()),
        ]
        return tuple(sorted(found, key=lambda action: -action.priority))

    @cached_property
    def families(self) -> Mapping[str, tuple[str, ...]]:
        """Services that share the actions of another: id of that one → the others.

        Every service that has no provider and is reached over HTTP belongs to the family `http`.
        """
        data: dict[str, list[str]] = read_data(self._folder / "families.json")
        found = {base: tuple(members) for base, members in data.items()}
        plain = (item.id for item in self.services if not item.provider and item.connection_type == "http")
        found["http"] = (*found.get("http", ()), *plain)
        return found

    @cached_property
    def _bases(self) -> Mapping[str, tuple[str, ...]]:
        bases: dict[str, tuple[str, ...]] = {}
        for base, members in self.families.items():
            for member in members:
                bases[member] = (*bases.get(member, ()), base)
        return bases

    def actions(self, service_id: str, action: Action | None = None) -> tuple[ServiceAction, ...]:
        """What can be done with a service, best first; transfers to other services are among them.

        Records of the families the service belongs to are among them, with its own connection; among equals, its own
        records come first.
        """
        if service_id not in self._resolved:
            found = [self._with_connections(item) for item in self._own_actions(service_id)]
            for base in self._bases.get(service_id, ()):
                inherited = (self._adopt(item, service_id) for item in self._own_actions(base))
                found.extend(self._with_connections(item) for item in inherited)
            self._resolved[service_id] = tuple(sorted(found, key=lambda item: -item.priority))
        found_all = self._resolved[service_id]
        return found_all if action is None else tuple(item for item in found_all if item.action == action)

    def _adopt(self, item: ServiceAction, service_id: str) -> ServiceAction:
        note = " ".join(part for part in (item.note, self.service(service_id).note) if part)
        return replace(item, service=service_id, note=note)

    def _with_connections(self, item: ServiceAction) -> ServiceAction:
        """The action with the default connection ids of its services filled in."""
        sides = {"source": item.service, "target": item.target_service or item.service}

        def fill(source: ArgumentSource) -> ArgumentSource:
            if isinstance(source, ConnectionSource) and not source.default:
                service = self._by_id.get(sides[source.side])
                return replace(source, default=service.default_connection_id if service else "")
            return source

        arguments = tuple((name, fill(source)) for name, source in item.arguments)
        construct = tuple((name, fill(source)) for name, source in item.construct)
        return replace(item, arguments=arguments, construct=construct)

    def transfers(self, source: str, target: str) -> tuple[ServiceAction, ...]:
        """The ways to bring data from one service to another in one task, best first, each once.

        Transfers of the families of both sides count as well (any SQL database to another, to S3, ...).
        """
        targets = {target, *self._bases.get(target, ())}
        found: dict[object, ServiceAction] = {}
        for item in self.actions(source):
            if item.target_service in targets:
                moved = self._with_target(item, target)
                found.setdefault((moved.operator, moved.method, moved.arguments), moved)
        return tuple(sorted(found.values(), key=lambda item: -item.priority))

    def _with_target(self, item: ServiceAction, target: str) -> ServiceAction:
        if item.target_service == target:
            return item
        old = self._by_id.get(item.target_service)
        new = self.service(target)

        def move(source: ArgumentSource) -> ArgumentSource:
            if not isinstance(source, ConnectionSource) or source.side != "target" or old is None:
                return source
            if source.default == old.default_connection_id:
                return replace(source, default=new.default_connection_id)
            return source

        arguments = tuple((name, move(source)) for name, source in item.arguments)
        return replace(item, target_service=target, arguments=arguments)

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


def action_group(service: Service) -> str:
    """The name of the data file that holds the actions of a service."""
    if service.category == "builtin":
        return "builtin"
    return service.provider.removeprefix("apache-airflow-providers-") or "without_provider"


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
