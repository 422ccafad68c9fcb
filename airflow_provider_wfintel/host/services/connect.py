"""A bare TCP connect: does somebody listen, and how long does it take?

The name is resolved once and the address that was judged is the one that is connected to, so that a name server cannot
swap it in between. Addresses that no service of a DAG has, but the machine's own cloud, are never connected to: the
metadata services of clouds hand out credentials.
"""

from __future__ import annotations

import ipaddress
import socket
import time

__all__ = ["NotAllowed", "connect", "is_allowed"]

_METADATA = frozenset(ipaddress.ip_address(item) for item in ("fd00:ec2::254", "100.100.100.200", "192.0.0.192"))
"""Of AWS over IPv6, Alibaba and Oracle; the others are link-local."""
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class NotAllowed(Exception):
    """The address is one that is never connected to."""


def is_allowed(address: str) -> bool:
    """Whether an IP address may be connected to: not link-local, multicast, unspecified or a cloud's metadata."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inside = found.ipv4_mapped or found.sixtofour
        if found in _NAT64:
            inside = ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)
        found = inside or found
    return not (found.is_link_local or found.is_multicast or found.is_unspecified or found in _METADATA)


def connect(host: str, port: int, *, seconds: float) -> float:
    """Connect and hang up; returns the seconds until the connection stood, without the time to resolve the name.

    Raises:
        OSError: the name is not known, or nobody answers at any of its addresses in time.
        NotAllowed: it has only addresses that are never connected to.
    """
    known = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    allowed = [item for item in known if is_allowed(str(item[4][0]))]
    if not allowed:
        raise NotAllowed
    last: OSError = ConnectionRefusedError()
    until = time.monotonic() + seconds
    for family, kind, protocol, _, address in allowed:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"no answer within {seconds:g} s")
        with socket.socket(family, kind, protocol) as probe:
            probe.settimeout(left)
            before = time.perf_counter()
            try:
                probe.connect(address)
            except OSError as error:
                last = error
                continue
            return time.perf_counter() - before
    raise last
