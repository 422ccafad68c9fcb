"""When a call to a server is repeated, and after how long."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

import requests

__all__ = ["RetryRules", "retry_after_seconds", "send_with_retries"]

_ALWAYS = frozenset({429, 503})
"""The server says that it did not do the work."""
_IF_REPEATABLE = frozenset({502, 504})
"""Something in between gave up; the work may have been done."""


@dataclass(frozen=True, slots=True)
class RetryRules:
    """How often and how patiently to repeat.

    Attributes:
        attempts: calls in all, the first one included.
        first_wait: seconds before the second call; each further wait is twice as long.
        longest_wait: seconds; a server that asks for a longer wait is not waited for.
    """

    attempts: int = 5
    first_wait: float = 0.5
    longest_wait: float = 60.0

    def wait_before(self, attempt: int) -> float:
        """Seconds to wait before the given attempt, 2 being the first repetition."""
        return min(self.first_wait * 2.0 ** (attempt - 2), self.longest_wait)


def send_with_retries(
    send: Callable[[], requests.Response],
    *,
    rules: RetryRules,
    repeatable: bool,
    sleep: Callable[[float], None] = time.sleep,
) -> requests.Response:
    """Call `send` until its answer is no passing trouble or the attempts are used up.

    Args:
        send: makes one call.
        rules: how often and how patiently.
        repeatable: whether making the call twice does no harm. If not, it is repeated only where the server
            cannot have done the work: it could not be reached, or it said so.
        sleep: waits.

    Returns:
        The last answer, whatever its status.

    Raises:
        requests.RequestException: the last attempt got no answer.
    """
    for attempt in range(1, rules.attempts + 1):
        last = attempt == rules.attempts
        wait = rules.wait_before(attempt + 1)
        try:
            answer = send()
        except (requests.ConnectionError, requests.Timeout) as error:
            if last or not (repeatable or _never_arrived(error)):
                raise
        else:
            passing = answer.status_code in _ALWAYS or (repeatable and answer.status_code in _IF_REPEATABLE)
            if last or not passing:
                return answer
            asked = retry_after_seconds(answer.headers.get("Retry-After", ""))
            if asked is not None:
                if asked > rules.longest_wait:
                    return answer
                wait = max(wait, asked)
        sleep(wait)
    raise ValueError("at least one attempt is needed")


def retry_after_seconds(value: str) -> float | None:
    """The seconds that a `Retry-After` header asks for (a number or an HTTP date), None if it is not readable."""
    text = value.strip()
    if text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return max(0.0, (moment - datetime.now(timezone.utc)).total_seconds())


def _never_arrived(error: requests.RequestException) -> bool:
    """Whether the connection was never made, so that the server cannot have seen the call."""
    from urllib3.exceptions import MaxRetryError, NewConnectionError

    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return isinstance(reason, NewConnectionError)
