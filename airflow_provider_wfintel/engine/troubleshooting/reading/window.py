"""What is kept of a log that is too large to be read as a whole: its head, its tail and, between, what looks like trouble.

Memory stays constant: the middle is looked at in pieces of 1 MiB, in which fixed byte strings are searched; the
surroundings of the last hits are kept.
"""

from __future__ import annotations

import gzip
import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

__all__ = ["HEAD", "PIECE", "TAIL", "Window", "window_of_stream", "window_of_text"]

PIECE = 1 << 20
HEAD = 128 << 10
TAIL = 512 << 10
_MIDDLE = 256 << 10
_BEFORE, _AFTER = 600, 2_400
_PER_PIECE = 24
# Bytes, because decoding hundreds of megabytes only to search them would cost more than the search.
_MARKERS = (
    b"Traceback (most recent", b'"error_detail":[{', b"Caused by:", b"OutOfMemoryError", b"OOMKilled", b"FATAL",
    b"No space left", b"] ERROR", b" ERROR ", b"ERROR -", b'"level":"error"', b'"level":"critical"', b'"level": "error"',
)  # fmt: skip
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Window:
    """The kept part of a log as text, and how many bytes were left out."""

    text: str
    size: int
    omitted: int = 0


def window_of_text(text: str) -> Window:
    """The kept part of a text."""
    if len(text) <= HEAD + TAIL + _MIDDLE:
        return Window(text, len(text))
    return window_of_stream(io.BytesIO(text.encode("utf-8", errors="replace")))


def window_of_stream(stream: BinaryIO) -> Window:
    """The kept part of a stream of bytes, plain or gzip, read once and in pieces.

    Undecodable bytes are replaced; a gzip stream that breaks off gives what came before.
    """
    pieces = _pieces(stream)
    head = b""
    rest: deque[bytes] = deque()
    held = 0
    size = 0
    kept: deque[bytes] = deque()
    kept_size = 0
    for piece in pieces:
        size += len(piece)
        if len(head) < HEAD:
            take = HEAD - len(head)
            head, piece = head + piece[:take], piece[take:]
        if not piece:
            continue
        rest.append(piece)
        held += len(piece)
        while held - len(rest[0]) >= TAIL + _MIDDLE:
            old = rest.popleft()
            held -= len(old)
            for part in _troubles(old):
                kept.append(part)
                kept_size += len(part)
            while kept_size > _MIDDLE:
                kept_size -= len(kept.popleft())
    body = b"".join(rest)
    return _assemble(head, kept, body, size)


def _assemble(head: bytes, kept: deque[bytes], body: bytes, size: int) -> Window:
    tail_start = 0
    if len(body) > TAIL + _MIDDLE:
        tail_start = body.find(b"\n", len(body) - TAIL) + 1
        total = sum(map(len, kept))
        for part in _troubles(body[:tail_start]):
            kept.append(part)
            total += len(part)
        while total > _MIDDLE:
            total -= len(kept.popleft())
    parts = [head, *kept, body[tail_start:]] if kept or tail_start else [head, body]
    whole = size == len(head) + len(body) and tail_start == 0 and not kept
    data = b"".join(parts) if whole else b"\n".join(parts)
    text = data.decode("utf-8", errors="replace").lstrip("\ufeff").replace("\r\n", "\n").replace("\x00", "")
    return Window(text, size, max(0, size - sum(map(len, parts))))


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    start = stream.read(2)
    if start == _GZIP:
        unpacked = gzip.GzipFile(fileobj=_Joined(start, stream))
        try:
            while data := unpacked.read(PIECE):
                yield data
        except (EOFError, OSError):  # cut off while it was written: what came so far is what there is
            return
        return
    if start:
        yield start
    while data := stream.read(PIECE):
        yield data


class _Joined(io.RawIOBase):
    """The two bytes that were looked at, and the stream after them."""

    def __init__(self, start: bytes, stream: BinaryIO) -> None:
        super().__init__()
        self._start, self._stream = start, stream

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if self._start:
            start, self._start = self._start, b""
            return start + self._stream.read(max(0, size - len(start)) if size >= 0 else -1)
        return self._stream.read(size)


def _troubles(piece: bytes) -> list[bytes]:
    """The surroundings of the last hits in a piece, in order, without overlaps."""
    hits: set[int] = set()
    for marker in _MARKERS:
        position = piece.rfind(marker)
        found = 0
        while position >= 0 and found < _PER_PIECE:
            hits.add(position)
            found += 1
            position = piece.rfind(marker, 0, max(0, position - _BEFORE))
    bounds: list[list[int]] = []
    for hit in sorted(hits)[-_PER_PIECE:]:
        start = piece.rfind(b"\n", 0, max(0, hit - _BEFORE)) + 1
        end = piece.find(b"\n", min(len(piece), hit + _AFTER))
        end = len(piece) if end < 0 else end
        end = min(end, hit + 4 * _AFTER)
        if bounds and start <= bounds[-1][1]:
            bounds[-1][1] = max(bounds[-1][1], end)
        else:
            bounds.append([start, end])
    return [piece[start:end] for start, end in bounds]
