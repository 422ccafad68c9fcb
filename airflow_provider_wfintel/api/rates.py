"""How often one user may ask for what is costly: `[wfintel] rate_limit`, in the notation of the `limits` library."""

from __future__ import annotations

import logging
import math
import time

from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import Depends, HTTPException, Request, status
from limits import parse_many
from limits.errors import ConfigurationError, StorageError
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from airflow_provider_wfintel.exceptions import UserInputError

__all__ = ["COSTLY", "Rates", "costly"]

log = logging.getLogger(__name__)


class Rates:
    """Counts by user over sliding windows: bursts up to the limit, never more than it within any such time.

    Args:
        limits: as `30/minute; 300/hour`; empty: no limit.
        storage: where is counted: `memory://` is each api-server process for itself, `redis://...` all together.

    Raises:
        UserInputError: one of them cannot be understood, or the storage needs a library that is not installed.
    """

    def __init__(self, limits: str, storage: str) -> None:
        try:
            self._limits = parse_many(limits) if limits else []
        except ValueError as error:
            raise UserInputError(
                f"[wfintel] rate_limit is {limits!r}", hint="set it to a form such as `30/minute; 300/hour`, or nothing"
            ) from error
        try:
            store = storage_from_string(storage, wrap_exceptions=True)
            self._window = MovingWindowRateLimiter(store)
        except (ConfigurationError, NotImplementedError) as error:
            raise UserInputError(
                f"[wfintel] rate_limit_storage cannot be used: {error}",
                hint="set it to memory:// or redis://host:port/number",
            ) from error

    def wait(self, user: str) -> float:
        """Count a request of a user; 0 if it may be served, else the seconds to wait.

        Where the storage cannot be reached everything may be served: a limit must not take the service down.
        """
        try:
            refused = [one for one in self._limits if not self._window.hit(one, "costly", user)]
            times = [self._window.get_window_stats(one, "costly", user).reset_time for one in refused]
        except StorageError:
            log.warning("the storage of rate limits cannot be reached; nothing is limited", exc_info=True)
            return 0.0
        return max((max(1.0, moment - time.time()) for moment in times), default=0.0)


def costly(request: Request, user: GetUserDep) -> None:
    """Count a call of a route that costs processor time; refuse it if the user has had enough of them."""
    rates: Rates = request.app.state.rates
    seconds = math.ceil(rates.wait(user.get_id()))
    if seconds:
        raise HTTPException(
            status.HTTP_429_TOO_MANY_REQUESTS,
            "too many requests of this kind",
            headers={"Retry-After": str(seconds)},
        )


COSTLY = Depends(costly)
