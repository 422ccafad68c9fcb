"""HTTP that never reaches an address which `connect.is_allowed` forbids, however its name was resolved.

What is judged is the address of the other end of the socket that stands, before a byte is sent. A name server that
answers differently the second time, a number written in another way and a redirect all end there. With a proxy (from
the environment or of the connection) the other end is the proxy, which resolves names itself: it has to have rules of
its own.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.host.services.connect import NotAllowed, is_allowed

if TYPE_CHECKING:
    from requests.adapters import HTTPAdapter

__all__ = ["guarded_adapter"]


def guarded_adapter() -> HTTPAdapter:
    """An adapter for a session of requests.

    Its session raises `requests.ConnectionError` where the other end is a forbidden address.
    """
    from requests.adapters import HTTPAdapter
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _judged(super()._new_conn())

    class Encrypted(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _judged(super()._new_conn())

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class EncryptedPool(HTTPSConnectionPool):
        ConnectionCls = Encrypted

    class Guarded(HTTPAdapter):
        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            super().init_poolmanager(*args, **kwargs)
            self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": EncryptedPool}

    return Guarded()


def _judged(reached: socket.socket) -> socket.socket:
    """The socket, if the address at its other end is allowed; otherwise it is closed."""
    address = str(reached.getpeername()[0])
    if is_allowed(address):
        return reached
    reached.close()
    raise _forbidden()


def _forbidden() -> Exception:
    from urllib3.exceptions import ProtocolError

    # The kind of error for which requests has a name; the address is not told, it may be what somebody looks for.
    return ProtocolError(NotAllowed.__doc__, NotAllowed())
