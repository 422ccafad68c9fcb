"""Processor cores that task processes share equally while they start."""

from __future__ import annotations

from heapq import heappop, heappush

__all__ = ["Cores"]

_SAME = 1e-9


class Cores:
    """Jobs that each need some processor time of one core; more jobs than cores slow each other down equally.

    Progress is kept as the processor time that each running job has got so far, so that one number serves all jobs.
    """

    def __init__(self, cores: float) -> None:
        self._cores = cores
        self._jobs: list[tuple[float, int, int]] = []
        self._now = 0.0
        self._progress = 0.0
        self._count = 0

    def add(self, now: float, seconds: float, job: int) -> None:
        """Start a job that needs so many seconds of one core."""
        self._advance(now)
        self._count += 1
        heappush(self._jobs, (self._progress + seconds, self._count, job))

    def next_end(self) -> float:
        """When the next job is done if no other starts before; infinity if there is none."""
        if not self._jobs:
            return float("inf")
        return self._now + max(0.0, self._jobs[0][0] - self._progress) / self._rate()

    def take_done(self, now: float) -> list[int]:
        """Remove the jobs that are done at `now` and return them, first done first."""
        self._advance(now)
        done = []
        while self._jobs and self._jobs[0][0] <= self._progress + _SAME:
            done.append(heappop(self._jobs)[2])
        return done

    def _advance(self, now: float) -> None:
        if self._jobs:
            self._progress += (now - self._now) * self._rate()
        self._now = now

    def _rate(self) -> float:
        return min(1.0, self._cores / len(self._jobs))
