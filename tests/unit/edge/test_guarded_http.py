"""HTTP to addresses of connections: what is judged is the other end of the socket, not the name."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from airflow_provider_wfintel.host.services import guarded
from airflow_provider_wfintel.host.services.connect import is_allowed


class Server:
    """Counts connections that said something."""

    def __init__(self) -> None:
        heard: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                heard.append(self.path)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self.heard = heard
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.http.server_port
        threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True).start()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.http.shutdown()
    made.http.server_close()


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[requests.Session]:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with requests.Session() as made:
        made.trust_env = False
        for scheme in ("http://", "https://"):
            made.mount(scheme, guarded.guarded_adapter())
        yield made


def forbid_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test has no metadata service to ask: its own machine stands for one."""
    monkeypatch.setattr(guarded, "is_allowed", lambda address: address != "127.0.0.1" and is_allowed(address))


def test_a_service_is_asked_as_ever(server: Server, session: requests.Session) -> None:
    assert session.get(f"http://127.0.0.1:{server.port}/well").status_code == 204
    assert server.heard == ["/well"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "127.1"])
def test_a_forbidden_address_gets_not_a_byte_however_it_is_written(
    server: Server, session: requests.Session, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    forbid_loopback(monkeypatch)
    with pytest.raises(requests.ConnectionError) as told:
        session.get(f"http://{host}:{server.port}/secrets", timeout=5)
    assert server.heard == []
    assert "127.0.0.1" not in str(told.value)


def test_a_name_that_points_elsewhere_the_second_time(
    server: Server, session: requests.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: a look at the name finds a harmless address, the connection goes to another one."""
    forbid_loopback(monkeypatch)
    answers = iter(["93.184.216.34", "127.0.0.1", "127.0.0.1"])

    def resolve(host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    judged = str(socket.getaddrinfo("rebinds.example", server.port)[0][4][0])
    assert guarded.is_allowed(judged)
    with pytest.raises(requests.ConnectionError):
        session.get(f"http://rebinds.example:{server.port}/secrets", timeout=5)
    assert server.heard == []


def test_tls_is_judged_before_a_handshake(
    server: Server, session: requests.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbid_loopback(monkeypatch)
    with pytest.raises(requests.ConnectionError) as told:
        session.get(f"https://127.0.0.1:{server.port}/secrets", timeout=5)
    assert not isinstance(told.value, requests.exceptions.SSLError)


@pytest.mark.parametrize(
    "address",
    [
        "64:ff9b::a9fe:a9fe",  # NAT64
        "2002:a9fe:a9fe::1",  # 6to4
        "::ffff:169.254.169.254",
        "169.254.170.2",  # credentials of containers
    ],
)
def test_forbidden_addresses_inside_of_others_are_forbidden(address: str) -> None:
    assert not is_allowed(address)
