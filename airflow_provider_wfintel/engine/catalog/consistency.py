"""Whether the records of the catalogue fit each other: actions, signatures, services and slots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from airflow_provider_wfintel.engine.catalog.catalog import DATA_FOLDER, Catalog
from airflow_provider_wfintel.engine.catalog.read import read_data
from airflow_provider_wfintel.engine.catalog.records import MethodSignature, OperatorSignature, ServiceAction
from airflow_provider_wfintel.engine.catalog.sources import ArgumentSource
from airflow_provider_wfintel.exceptions import CatalogError

__all__ = ["problems", "slot_names"]

# Arguments that every operator and every sensor takes; signatures leave them out.
_COMMON = frozenset({"task_id", "poke_interval", "timeout", "mode", "soft_fail", "trigger_rule", "do_xcom_push"})


@cache
def slot_names() -> frozenset[str]:
    """The names that `data/slots.json` explains."""
    return frozenset(read_data(DATA_FOLDER / "slots.json"))


def problems(catalog: Catalog) -> tuple[str, ...]:
    """Everything in the action records that does not fit, as sentences; empty if all is well."""
    found: list[str] = []
    for service in (*catalog.builtins, *catalog.services):
        seen: set[tuple[str, str, str, str]] = set()
        for item in catalog.actions(service.id):
            key = (item.action, item.target_service, item.operator, item.method)
            where = f"{item.service}/{item.action}/{item.operator.partition(':')[2]}"
            if key in seen:
                found.append(f"{where}: recorded twice")
            seen.add(key)
            found.extend(f"{where}: {text}" for text in action_problems(catalog, item))
    for service_id in catalog.services_with_actions:
        if service_id not in catalog:
            found.append(f"{service_id}: actions of an unknown service")
    return tuple(found)


def action_problems(catalog: Catalog, item: ServiceAction) -> Iterator[str]:
    """What is wrong with one action record."""
    try:
        signature = catalog.signature(item.operator)
    except CatalogError as error:
        yield error.message
        return
    if signature.kind != item.kind:
        yield f"kind is {signature.kind}, not {item.kind}"
    if signature.distribution != item.distribution:
        yield f"the distribution is {signature.distribution}, not {item.distribution}"
    if signature.abstract:
        yield "the class is only a base for others"
    if item.target_service and item.target_service not in catalog:
        yield f"unknown target service {item.target_service!r}"
    unknown = sorted({*item.slots} - slot_names())
    if unknown:
        yield f"slots that slots.json does not explain: {', '.join(unknown)}"
    if item.kind != "hook":
        yield from _call_problems(signature, item.arguments, common=True)
        return
    method = signature.method(item.method)
    if method is None:
        yield f"the hook has no method {item.method!r}, or the signatures are older than the actions"
        return
    yield from _call_problems(method, item.arguments, common=False)
    yield from _call_problems(signature, item.construct, common=False)


def _call_problems(
    signature: OperatorSignature | MethodSignature,
    given: Iterable[tuple[str, ArgumentSource]],
    *,
    common: bool,
) -> Iterator[str]:
    names = {name for name, _ in given}
    known = {*signature.required, *(name for name, _ in signature.optional)} | (_COMMON if common else set())
    for name in sorted(names - known):
        yield f"no argument {name!r}"
    for name in signature.required:
        if name not in names:
            yield f"required argument {name!r} is not mapped"
