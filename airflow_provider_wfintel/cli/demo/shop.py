"""A small HTTP server on loopback: `GET /orders` is the JSON API of the demo's shop, any POST is a webhook call.

python -m airflow_provider_wfintel.cli.demo.shop PORT ALARMS.jsonl
"""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar

__all__ = ["ORDERS", "serve"]

ORDERS: tuple[dict[str, object], ...] = (
    {"id": 1, "customer": "Hansen", "item": "lamp", "quantity": 2, "price": 59.9},
    {"id": 2, "customer": "Okafor", "item": "desk", "quantity": 1, "price": 349.0},
    {"id": 3, "customer": "Lindqvist", "item": "chair", "quantity": 4, "price": 89.5},
    {"id": 4, "customer": "Duarte", "item": "lamp", "quantity": 1, "price": 59.9},
)
MAX_BODY = 1_000_000


class ShopHandler(BaseHTTPRequestHandler):
    """Answers the demo's requests."""

    alarms: ClassVar[Path]
    lock: ClassVar[Lock] = Lock()

    def do_GET(self) -> None:
        """Serve the orders; `/health` tells that the server is up."""
        path = self.path.partition("?")[0].rstrip("/")
        if path == "/orders":
            self._answer(200, list(ORDERS))
        elif path == "/health":
            self._answer(200, {"status": "up"})
        else:
            self._answer(404, {"error": f"no {self.path}"})

    def do_POST(self) -> None:
        """Keep what a webhook call says."""
        length = min(int(self.headers.get("Content-Length") or 0), MAX_BODY)
        body = self.rfile.read(length).decode("utf-8", errors="replace")
        try:
            message: Any = json.loads(body)
        except ValueError:
            message = body
        line = json.dumps({"path": self.path, "message": message}, ensure_ascii=False)
        with self.lock, self.alarms.open("a", encoding="utf-8") as stream:
            stream.write(line + "\n")
        self._answer(200, {"received": True})

    def _answer(self, status: int, body: object) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def serve(port: int, alarms: Path) -> None:
    """Serve until the process is ended."""
    ShopHandler.alarms = alarms
    with ThreadingHTTPServer(("127.0.0.1", port), ShopHandler) as server:
        server.serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]))
