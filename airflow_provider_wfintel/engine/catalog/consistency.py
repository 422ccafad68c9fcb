"""Whether the records of the catalogue fit each other: actions, signatures, services and slots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

from airflow_provider_wfintel.engine.catalog.catalog import DATA_FOLDER, Catalog, action_group
from airflow_provider_wfintel.engine.catalog.read import read_actions, read_data
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
    seen: set[ServiceAction] = set()
    for path in sorted((DATA_FOLDER / "actions").glob("*.json")):
        for item in read_actions(read_data(path), path.name):
            where = f"{item.service}/{item.action}/{item.operator.partition(':')[2]}"
            if item.service not in catalog:
                found.append(f"{where}: unknown service")
            elif action_group(catalog.service(item.service)) != path.stem:
                found.append(f"{where}: belongs into {action_group(catalog.service(item.service))}.json")
            plain = replace(item, priority=0, note="")
            if plain in seen:
                found.append(f"{where}: recorded twice")
            seen.add(plain)
            found.extend(f"{where}: {text}" for text in action_problems(catalog, item))
    for base, members in catalog.families.items():
        found.extend(f"family {base}: unknown service {name!r}" for name in (base, *members) if name not in catalog)
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
    # A slot called like the argument it fills needs no explanation: it is that argument.
    own = {name for name, source in (*item.construct, *item.arguments) if name in source.slots}
    unknown = sorted({*item.slots} - slot_names() - own)
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
