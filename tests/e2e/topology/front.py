"""A small TCP load balancer, as stands before the api-servers of a real deployment; it can also be slow on purpose."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import threading
from collections.abc import Sequence

__all__ = ["Front"]


class Front:
    """Passes connections on to the first of its backends that takes them, in turns.

    Attributes:
        port: where it listens, on loopback.
        delay: seconds that each piece of data waits before it is passed on, in each direction.
    """

    def __init__(self, port: int, backends: Sequence[int], *, delay: float = 0.0) -> None:
        self.port, self.delay = port, delay
        self._backends, self._turns = list(backends), itertools.count()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="front", daemon=True)

    def __enter__(self) -> Front:
        self._thread.start()
        assert self._ready.wait(10), f"cannot listen at port {self.port}"
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", self.port))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError):
                self._loop.run_until_complete(task)
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = next(self._turns)
        for place in range(len(self._backends)):
            port = self._backends[(first + place) % len(self._backends)]
            try:
                there, back = await asyncio.open_connection("127.0.0.1", port)
                break
            except OSError:
                continue
        else:
            writer.close()
            return
        try:
            await asyncio.gather(self._pass(reader, back), self._pass(there, writer))
        finally:
            writer.close()
            back.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                if self.delay:
                    await asyncio.sleep(self.delay)
                writer.write(data)
                await writer.drain()
        with contextlib.suppress(OSError, RuntimeError):
            writer.close()
