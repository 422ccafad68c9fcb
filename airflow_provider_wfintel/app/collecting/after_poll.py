"""What is done after every complete poll, one step after the other, by whoever holds the collector's lease.

A step is added by a line in `STEPS`, or in `steps.make_steps` if it needs settings. It must be quick when there is
nothing to do, since it is asked after each poll, and it must be able to go on from what it wrote last: it may be
stopped between any two transactions. It reads and computes first and writes then, some rows at a time: in SQLite nobody
else can write between the first write of a transaction and its end, so that no task could start or end meanwhile.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from airflow_provider_wfintel.app.collecting.poll import CollectReport, LeaseLost, Stopped
from airflow_provider_wfintel.exceptions import WfIntelError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["STEPS", "AfterPoll", "Step", "is_due", "run_steps"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AfterPoll:
    """What a step has to work with.

    Attributes:
        sessions: opens sessions on the metadata database.
        clock: the present, with its zone.
        report: what the poll did.
        keep: commits what the session holds if this process still has the lease, and extends it. To be called at
            least once in half the lease's length; raises `LeaseLost` or `Stopped`, which a step lets pass.
        retention: what ended longer ago is deleted; None: nothing is.
    """

    sessions: Callable[[], AbstractContextManager[Session]]
    clock: Callable[[], datetime]
    report: CollectReport
    keep: Callable[[Session], None]
    retention: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name, as logs tell it, and what it does."""

    name: str
    run: Callable[[AfterPoll], None]


STEPS: tuple[Step, ...] = ()
"""Steps that need no settings, in this order; those of `steps.make_steps` come first."""


def is_due(now: datetime, last: str, every: timedelta) -> bool:
    """Whether that time has passed since the ISO moment `last`, if there was one.

    It has too where `last` is still to come: a clock that went back must not stop the work.
    """
    return not last or not timedelta(0) <= now - datetime.fromisoformat(last) < every


def run_steps(work: AfterPoll, steps: Sequence[Step]) -> None:
    """Run the steps. One that fails is logged and tried after the next poll; the others are done all the same.

    Raises:
        LeaseLost: another process collects now.
        Stopped: the collector was asked to stop.
    """
    for step in steps:
        try:
            step.run(work)
        except (LeaseLost, Stopped):
            raise
        except WfIntelError as error:
            log.warning("%s failed and will be tried again: %s (%s)", step.name, error.message, error.hint)
        except Exception:  # monitoring goes on without this step
            log.exception("%s failed and will be tried again", step.name)
