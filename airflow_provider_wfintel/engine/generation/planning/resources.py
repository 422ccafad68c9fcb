"""What a container may use: memory and processors that the words state, as Kubernetes spells them."""

from __future__ import annotations

import re

__all__ = ["stated_resources"]

_SIZE = r"(?P<n{0}>\d+(?:\.\d+)?)\s?(?P<unit{0}>[KMGTP]i?)(?:B|bytes?)?"
_MEMORY = re.compile(
    rf"\b{_SIZE.format(1)}\s+(?:of\s+)?(?:memory|ram|mem|speicher|mémoire|memoria|memória)\b|"
    rf"\b(?:memory|ram|mem|speicher|mémoire|memoria|memória)(?:\s+(?:limit|request))?\s*(?:of\s+|=\s*|:\s*)?{_SIZE.format(2)}(?![\w/])",
    re.IGNORECASE,
)
_CPU = re.compile(
    r"\b(?P<n1>\d+(?:\.\d+)?m?)\s+(?:v?cpus?|(?:cpu\s+)?cores?|millicores)\b(?!\s+(?:each|per\s+executor))|"
    r"\bv?cpus?(?:\s+(?:limit|request))?\s*(?:of\s+|=\s*|:\s*)?(?P<n2>\d+(?:\.\d+)?m?)(?![\w/])",
    re.IGNORECASE,
)
_REQUEST = re.compile(r"\brequest(?:s|ing)?\b", re.IGNORECASE)
_LIMIT = re.compile(r"\b(?:limit(?:s|ed)?|at most|up to|max(?:imum)?)\b(?!=)", re.IGNORECASE)


def stated_resources(words: str) -> dict[str, dict[str, str]]:
    """Requests and limits for memory and CPU; both are set unless the words speak of one. Empty if none is stated.

    Sizes such as `2 GB` become the binary unit of Kubernetes (`2Gi`), which is what people mean.
    """
    amounts = _amounts(words)
    if not amounts:
        return {}
    requests, limits = _REQUEST.search(words) is not None, _LIMIT.search(words) is not None
    both = requests == limits
    return {
        name: dict(amounts) for name, wanted in (("requests", requests or both), ("limits", limits or both)) if wanted
    }


def _amounts(words: str) -> dict[str, str]:
    found = {}
    memory = _MEMORY.search(words)
    if memory is not None:
        size = memory.group("n1") or memory.group("n2")
        unit = (memory.group("unit1") or memory.group("unit2"))[0].upper()
        found["memory"] = f"{size}{unit}i"
    processors = _CPU.search(words)
    if processors is not None:
        found["cpu"] = processors.group("n1") or processors.group("n2")
    return found
