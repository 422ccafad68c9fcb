"""What the tasks of the cases talk to: an HTTP server with and without TLS, and an SFTP server, on loopback."""

from __future__ import annotations

import contextlib
import datetime
import http.server
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Services", "start_services"]

HANG_SECONDS = 8.0
BODIES = {
    401: {"error": "unauthorized", "message": "Invalid API key"},
    403: {"error": "forbidden", "message": "The service account may not read orders"},
    404: {"error": "not_found", "message": "no export for 2026-03-02"},
    409: {"error": "conflict", "message": "an export with this id is running already"},
    422: {"error": "invalid", "message": "parameter 'day' must be a date"},
    429: {"error": "too_many_requests", "message": "Rate limit exceeded, retry after 30 seconds"},
    500: {"error": "internal", "message": "Internal Server Error"},
    502: {"error": "bad_gateway", "message": "Bad Gateway"},
    503: {"error": "unavailable", "message": "Service Unavailable"},
}
EXPIRED = {"error": "invalid_token", "error_description": "The access token expired"}
QUOTA = {"error": "quotaExceeded", "message": "Daily quota of 10000 units exceeded for project shop"}


@dataclass(frozen=True, slots=True)
class Services:
    """The ports, and what a test may switch while tasks run.

    Attributes:
        late: sockets that are bound and do not listen yet; see `listen`.
        down: paths that answer 503 while their name is in here.
        calls: paths that were asked for, in order.
    """

    http: int
    tls: int
    sftp: int
    closed: int
    late: tuple[socket.socket, ...]
    down: set[str]
    calls: list[str]

    def listen(self, number: int) -> None:
        """Let the late socket of that number answer every request with status 200, from now on."""
        late = self.late[number]
        late.listen()

        def answer() -> None:
            while True:
                try:
                    connection, _ = late.accept()
                except OSError:
                    return
                with connection, contextlib.suppress(OSError):
                    connection.settimeout(2)
                    connection.recv(65_536)
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")

        threading.Thread(target=answer, daemon=True).start()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    down: set[str]
    calls: list[str]

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        self.calls.append(path)
        if path.startswith("/once/"):
            # /once/<what>/<name>: wrong the first time, right from then on.
            what = path.split("/")[2] if self.calls.count(path) == 1 else "ok"
            path = f"/{what}" if f"/{what}" in _SPECIAL else f"/status/{what}" if what.isdigit() else "/ok"
        if path.startswith("/status/"):
            self._json(int(path.rpartition("/")[2]))
        elif path in _SPECIAL:
            _SPECIAL[path](self)
        else:
            self._json(
                503 if path in self.down else 200, None if path in self.down else {"rows": [{"id": 1, "qty": 2}]}
            )

    do_POST = do_GET

    def _json(self, status: int, body: Any = None) -> None:
        self.send_text(status, json.dumps(BODIES[status] if body is None else body))

    def send_text(self, status: int, text: str) -> None:
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the tests read the tasks' logs, not the server's."""


def _hang(handler: _Handler) -> None:
    time.sleep(HANG_SECONDS)
    handler.close_connection = True


def _drop(handler: _Handler) -> None:
    """Half an answer, then a reset."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    handler.close_connection = True
    handler.connection.close()


_SPECIAL = {
    "/hang": _hang,
    "/drop": _drop,
    "/html": lambda handler: handler.send_text(200, "<html><body>maintenance</body></html>"),
    "/expired": lambda handler: handler.send_text(401, json.dumps(EXPIRED)),
    "/quota": lambda handler: handler.send_text(403, json.dumps(QUOTA)),
    "/job": lambda handler: handler.send_text(200, json.dumps({"id": "j-17", "state": "FAILED"})),
    "/prices": lambda handler: handler.send_text(200, json.dumps({"price": "n/a", "rows": None})),
}


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away are what is tested."""


@contextlib.contextmanager
def start_services(folder: Path) -> Iterator[Services]:
    """Run the servers in threads until the block ends.

    Args:
        folder: where the certificate is written.
    """
    down: set[str] = set()
    calls: list[str] = []
    handler = type("Handler", (_Handler,), {"down": down, "calls": calls})
    plain, secure = _Server(("127.0.0.1", 0), handler), _Server(("127.0.0.1", 0), handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(folder))
    secure.socket = context.wrap_socket(secure.socket, server_side=True, do_handshake_on_connect=False)
    for server in (plain, secure):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    with _sftp_server(folder) as sftp, contextlib.closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))  # bound, so that nobody takes it, and not listening
        late = (socket.socket(), socket.socket())
        for item in late:
            item.bind(("127.0.0.1", 0))
        yield Services(plain.server_port, secure.server_port, sftp, unused.getsockname()[1], late, down, calls)
        for item in late:
            item.close()
    for server in (plain, secure):
        server.shutdown()
        server.server_close()


def _certificate(folder: Path) -> Path:
    """A certificate that nobody has signed but itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    target = folder / "self_signed.pem"
    encoding = serialization.Encoding.PEM
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    target.write_bytes(private + made.public_bytes(encoding))
    return target


@contextlib.contextmanager
def _sftp_server(folder: Path) -> Iterator[int]:
    """An SSH server that takes one user and password, and serves a folder over SFTP."""
    import paramiko

    files = folder / "sftp"
    files.mkdir(exist_ok=True)
    (files / "orders.csv").write_text("id,qty\n1,2\n")
    key = paramiko.ECDSAKey.generate()
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def serve() -> None:
        while not stop.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            transport = paramiko.Transport(connection)
            transport.add_server_key(key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, _folder_interface(files))
            with contextlib.suppress(paramiko.SSHException, EOFError, OSError):
                transport.start_server(server=_login())

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        stop.set()
        listener.close()


def _login() -> Any:
    import paramiko

    class Login(paramiko.ServerInterface):
        def check_auth_password(self, username: str, password: str) -> int:
            good = (username, password) == ("partner", "right")
            return paramiko.AUTH_SUCCESSFUL if good else paramiko.AUTH_FAILED

        def get_allowed_auths(self, username: str) -> str:
            return "password"

        def check_channel_request(self, kind: str, chanid: int) -> int:
            return paramiko.OPEN_SUCCEEDED

    return Login()


def _folder_interface(folder: Path) -> type:
    import os

    import paramiko

    class Folder(paramiko.SFTPServerInterface):
        def _real(self, path: str) -> str:
            return str(folder / self.canonicalize(path).lstrip("/"))

        def list_folder(self, path: str) -> Any:
            try:
                return [
                    paramiko.SFTPAttributes.from_stat(entry.stat(), entry.name)
                    for entry in os.scandir(self._real(path))
                ]
            except OSError as error:
                return paramiko.SFTPServer.convert_errno(error.errno or 0)

        def stat(self, path: str) -> Any:
            try:
                return paramiko.SFTPAttributes.from_stat(Path(self._real(path)).stat())
            except OSError as error:
                return paramiko.SFTPServer.convert_errno(error.errno or 0)

        lstat = stat

        def open(self, path: str, flags: int, attr: Any) -> Any:
            try:
                descriptor = os.open(self._real(path), flags, 0o600)
            except OSError as error:
                return paramiko.SFTPServer.convert_errno(error.errno or 0)
            handle = paramiko.SFTPHandle(flags)
            handle.readfile = os.fdopen(descriptor, "rb")
            return handle

    return Folder
