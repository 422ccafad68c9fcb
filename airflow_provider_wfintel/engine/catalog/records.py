"""The record types of the catalogue: services, what can be done with them, and operator signatures."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, TypeAlias

from airflow_provider_wfintel.engine.catalog.sources import ArgumentSource
from airflow_provider_wfintel.engine.model import Action

__all__ = ["ActionKind", "ClassKind", "MethodSignature", "OperatorSignature", "Service", "ServiceAction"]

ClassKind: TypeAlias = Literal["operator", "sensor", "transfer", "notifier", "hook"]
"""What a provider class is."""

ActionKind: TypeAlias = Literal["operator", "sensor", "transfer", "notifier", "hook"]
"""How an action is carried out; `hook` means a TaskFlow function that calls a method of the hook."""


RARE_BELOW = 10
"""Records below this priority are for what is seldom asked for."""


@dataclass(frozen=True, slots=True)
class Service:
    """One service that a description may name.

    Attributes:
        id: stable snake_case id.
        name: the name people read.
        category: the group it belongs to, also the name of its data file.
        aliases: lower-case names that mean the service.
        ambiguous_aliases: those of `aliases` that are ordinary words too, so that a match alone is no evidence.
        provider: distribution of the Airflow provider, empty if there is none.
        hook: `"module:Class"` of the hook, empty if there is none.
        connection_type: Airflow connection type, empty if no connection is involved.
        default_connection_id: connection id that the operators use when none is named.
        http_base_url: public address of its HTTP API, empty if it has none or it is your own server.
        note: what a person must know before using it.
    """

    id: str
    name: str
    category: str
    aliases: tuple[str, ...] = ()
    ambiguous_aliases: tuple[str, ...] = ()
    provider: str = ""
    hook: str = ""
    connection_type: str = ""
    default_connection_id: str = ""
    http_base_url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ServiceAction:
    """How one action with a service is carried out, and where each argument comes from.

    Attributes:
        service: catalogue id; for a transfer, the side that data comes from.
        action: one of the model's actions.
        target_service: for a transfer, the side that data goes to; else empty.
        operator: `"module:Class"` of the operator, sensor, transfer, notifier or hook.
        kind: what that class is.
        distribution: the distribution that brings it.
        arguments: argument name → source; for a hook, the arguments of `method`.
        method: for a hook, the method to call.
        construct: for a hook, the arguments of its constructor.
        priority: the higher, the earlier it is taken among the actions that fit.
        note: what a person must know about this way of doing it.
    """

    service: str
    action: Action
    operator: str
    kind: ActionKind
    distribution: str
    target_service: str = ""
    arguments: tuple[tuple[str, ArgumentSource], ...] = ()
    method: str = ""
    construct: tuple[tuple[str, ArgumentSource], ...] = ()
    priority: int = 0
    note: str = ""

    def argument(self, name: str) -> ArgumentSource | None:
        """The source of the argument `name`, if it is mapped."""
        return next((source for key, source in self.arguments if key == name), None)

    @property
    def rare(self) -> bool:
        """Whether it is taken only where the words name just this, or where nothing else is there."""
        return self.priority < RARE_BELOW

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots that the arguments draw from, each once, in the order of the arguments."""
        found = [slot for _, source in (*self.construct, *self.arguments) for slot in source.slots]
        return tuple(dict.fromkeys(found))

    def missing(self, known: Collection[str]) -> tuple[str, ...]:
        """The slots outside `known` without which an argument cannot be filled."""
        found = [slot for _, source in (*self.construct, *self.arguments) for slot in source.missing(known)]
        return tuple(dict.fromkeys(found))

    @property
    def required_slots(self) -> tuple[str, ...]:
        """The slots without which an argument cannot be filled when nothing is known."""
        return self.missing(())


@dataclass(frozen=True, slots=True)
class MethodSignature:
    """A public method of a hook. Defaults are Python expressions."""

    name: str
    required: tuple[str, ...] = ()
    optional: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class OperatorSignature:
    """What the constructor of a provider class takes, read from its source.

    `BaseOperator`'s own arguments (`retries`, `pool`, ...) are left out: every operator and sensor takes them.

    Attributes:
        path: `"module:Class"`.
        kind: what the class is.
        distribution: the distribution that brings it.
        required: arguments without a default.
        optional: `(argument, default)` pairs, the default as a Python expression.
        template_fields: arguments that Airflow renders.
        connections: `(argument, default connection id)` pairs; the id is empty if there is no default.
        deferrable: whether it takes `deferrable`.
        deprecated: whether its author announced the removal.
        abstract: whether it is only a base for others.
        methods: of a hook, those that the catalogue's actions call.
    """

    path: str
    kind: ClassKind
    distribution: str
    required: tuple[str, ...] = ()
    optional: tuple[tuple[str, str], ...] = ()
    template_fields: tuple[str, ...] = ()
    connections: tuple[tuple[str, str], ...] = ()
    deferrable: bool = False
    deprecated: bool = False
    abstract: bool = False
    methods: tuple[MethodSignature, ...] = ()

    @property
    def arguments(self) -> tuple[str, ...]:
        """All argument names, required ones first."""
        return (*self.required, *(name for name, _ in self.optional))

    @property
    def module(self) -> str:
        """The module to import from."""
        return self.path.partition(":")[0]

    @property
    def name(self) -> str:
        """The name of the class."""
        return self.path.partition(":")[2]

    def method(self, name: str) -> MethodSignature | None:
        """The hook method `name`, if an action of the catalogue uses it."""
        return next((item for item in self.methods if item.name == name), None)
