"""Pictures of weeks that change slowly: made at most once in ten minutes in a process, for the same question."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

__all__ = ["Recent"]

Answer = TypeVar("Answer")


class Recent(Generic[Answer]):
    """The last answers by question. Who asks while one is being made waits for it instead of making it, too.

    Args:
        seconds: for how long an answer is good.
        most: so many are kept, those asked for last.
        clock: seconds that only grow.
    """

    def __init__(self, *, seconds: float = 600.0, most: int = 32, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._most, self._clock = seconds, most, clock
        self._kept: OrderedDict[Hashable, tuple[float, Answer]] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, question: Hashable, make: Callable[[], Answer]) -> Answer:
        """The answer to a question that stands for all that it depends on but time.

        Whatever `make` raises is raised, and kept by nobody.
        """
        with self._lock:
            making = self._making.setdefault(question, threading.Lock())
        with making:
            with self._lock:
                made_at, answer = self._kept.get(question, (-self._seconds, None))
                if answer is not None and self._clock() - made_at < self._seconds:
                    self._kept.move_to_end(question)
                    return answer
            try:
                made = make()
            except BaseException:
                with self._lock:
                    self._making.pop(question, None)  # a question without an answer must not stay behind
                raise
            with self._lock:
                self._kept[question] = (self._clock(), made)
                self._kept.move_to_end(question)
                while len(self._kept) > self._most:
                    gone, _ = self._kept.popitem(last=False)
                    self._making.pop(gone, None)
        return made

    def forget(self) -> None:
        """Drop all answers."""
        with self._lock:
            self._kept.clear()
