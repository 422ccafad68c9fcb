"""Nothing leaves the process: HTTP is answered at the socket of the library, every other connection is an error."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from typing import Any

from airflow_provider_wfintel.host.trial.answers import http_answer
from airflow_provider_wfintel.host.trial.recorder import Recorder
from airflow_provider_wfintel.host.trial.samples import PACKED, sample_of

__all__ = ["install"]

_BLOCKED = {
    "socket.connect",
    "socket.sendto",
    "socket.bind",
    "socket.getaddrinfo",
    "os.system",
    "os.exec",
    "os.posix_spawn",
}


def install(recorder: Recorder) -> None:
    """Replace the wire of http.client (and with it urllib, urllib3, requests, httplib2), httpx and aiohttp."""
    _http_client(recorder)
    with contextlib.suppress(ImportError):
        _httpx(recorder)
    with contextlib.suppress(ImportError):
        _aiohttp(recorder)
    _processes(recorder)
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _BLOCKED:
        place = next((item for item in arguments[1:] if isinstance(item, tuple | str)), arguments[:1])
        raise PermissionError(f"{event} {place}: a trial run does not reach the network, and there is no stand-in here")


def _answer(recorder: Recorder, method: str, url: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
    address, _, query = url.partition("?")
    service = address.split("/")[2] if "://" in address else address
    recorder.add("wire", service, method, address, body or query)
    if method == "GET" and address.lower().endswith(PACKED):
        content = sample_of(address.rsplit("/", 1)[-1])
        return 200, {"Content-Type": "application/octet-stream"}, content
    return http_answer(method, url, body, has_rows=recorder.has_rows)


class _Wire:
    """The socket of one HTTP connection: takes the bytes of a request, gives those of an answer."""

    def __init__(self, recorder: Recorder, scheme: str, host: str) -> None:
        self._recorder, self._scheme, self._host = recorder, scheme, host
        self._sent = bytearray()

    def sendall(self, data: Any, *_: Any) -> None:
        """Take bytes of the request."""
        self._sent += bytes(data)

    def makefile(self, *_: Any, **__: Any) -> io.BytesIO:
        """The answer to what was sent."""
        head, _, body = bytes(self._sent).partition(b"\r\n\r\n")
        self._sent.clear()
        lines = head.decode("latin-1").split("\r\n")
        method, target = (*lines[0].split(" "), "", "")[:2]
        headers = {key.lower(): value.strip() for key, _, value in (line.partition(":") for line in lines[1:])}
        if headers.get("transfer-encoding") == "chunked":
            body = _without_chunks(body)
        url = target if "://" in target else f"{self._scheme}://{headers.get('host', self._host)}{target}"
        status, answered, content = _answer(self._recorder, method, url, body)
        answered = {
            **answered,
            "Content-Length": str(len(content)),
            "Connection": "close",
            "Date": headers.get("date", ""),
        }
        text = f"HTTP/1.1 {status} OK\r\n" + "".join(f"{key}: {value}\r\n" for key, value in answered.items())
        return io.BytesIO(text.encode() + b"\r\n" + (b"" if method == "HEAD" else content))

    def __getattr__(self, name: str) -> Any:
        if name in ("settimeout", "close", "shutdown", "setsockopt", "setblocking", "gettimeout", "fileno"):
            return lambda *_: None
        raise AttributeError(name)


def _without_chunks(data: bytes) -> bytes:
    whole = b""
    while data:
        size, _, data = data.partition(b"\r\n")
        length = int(size.split(b";")[0] or b"0", 16)
        whole, data = whole + data[:length], data[length + 2 :]
        if not length:
            break
    return whole


def _http_client(recorder: Recorder) -> None:
    import http.client

    import urllib3.connection

    def connect(scheme: str) -> Any:
        def plug(self: Any) -> None:
            self.sock = _Wire(recorder, scheme, self.host)
            self.is_verified = self.proxy_is_verified = True

        return plug

    with contextlib.suppress(ImportError):
        import httplib2

        httplib2.HTTPConnectionWithTimeout.connect = connect("http")
        httplib2.HTTPSConnectionWithTimeout.connect = connect("https")
    for owner in (http.client, urllib3.connection):
        owner.HTTPConnection.connect = connect("http")  # type: ignore[attr-defined]
        owner.HTTPSConnection.connect = connect("https")  # type: ignore[attr-defined]
    urllib3.connection.HTTPConnection.is_connected = property(lambda self: self.sock is not None)  # type: ignore[assignment]


def _httpx(recorder: Recorder) -> None:
    import httpx

    def handle(self: Any, request: Any) -> Any:
        status, headers, content = _answer(recorder, request.method, str(request.url), request.read())
        return httpx.Response(status, headers=headers, content=content, request=request)

    async def ahandle(self: Any, request: Any) -> Any:
        body = await request.aread()
        status, headers, content = _answer(recorder, request.method, str(request.url), body)
        return httpx.Response(status, headers=headers, content=content, request=request)

    httpx.HTTPTransport.handle_request = handle  # type: ignore[method-assign]
    httpx.AsyncHTTPTransport.handle_async_request = ahandle  # type: ignore[method-assign]


def _aiohttp(recorder: Recorder) -> None:
    import aiohttp

    class Answer:
        def __init__(self, status: int, headers: dict[str, str], content: bytes) -> None:
            self.status, self.headers, self._content = status, headers, content
            self.ok, self.reason, self.content_type = True, "OK", headers["Content-Type"].split(";")[0]

        async def json(self, **_: Any) -> Any:
            return json.loads(self._content)

        async def text(self, *_: Any, **__: Any) -> str:
            return self._content.decode()

        async def read(self) -> bytes:
            return self._content

        def raise_for_status(self) -> None:
            return None

        def release(self) -> None:
            return None

        close = release

        async def __aenter__(self) -> Answer:
            return self

        async def __aexit__(self, *_: object) -> None:
            return None

    async def request(self: Any, method: str, url: Any, *, data: Any = None, json: Any = None, **_: Any) -> Any:
        return Answer(*_answer(recorder, method, str(url), str(json if json is not None else data or "").encode()))

    aiohttp.ClientSession._request = request  # type: ignore[method-assign, assignment]


def _processes(recorder: Recorder) -> None:
    """Commands are written down, not run: they may do anything anywhere."""
    import subprocess

    class Process:
        returncode = 0
        pid = 0

        def __init__(self, args: Any, *_: Any, **keywords: Any) -> None:
            words = args if isinstance(args, list | tuple) else [args]
            shell = len(words) > 2 and str(words[1]) == "-c"
            recorder.add("wire", "process", str(words[0]), "", words[2] if shell else " ".join(map(str, words)))
            as_text = any(keywords.get(key) for key in ("text", "universal_newlines", "encoding"))
            self._nothing: Any = "" if as_text else b""
            self.args = args
            self.stdin = io.StringIO() if as_text else io.BytesIO()
            self.stdout = io.StringIO() if as_text else io.BytesIO()
            self.stderr = io.StringIO() if as_text else io.BytesIO()

        def __class_getitem__(cls, item: Any) -> Any:
            return cls

        def communicate(self, *_: Any, **__: Any) -> tuple[Any, Any]:
            return self._nothing, self._nothing

        def wait(self, *_: Any, **__: Any) -> int:
            return 0

        def poll(self) -> int:
            return 0

        def kill(self) -> None:
            return None

        terminate = kill

        def __enter__(self) -> Process:
            return self

        def __exit__(self, *_: object) -> None:
            return None

    subprocess.Popen = Process  # type: ignore[misc, assignment]
