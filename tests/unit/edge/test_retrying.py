"""When a call is repeated: only while it may help, never while it may do the work twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError

from airflow_provider_wfintel.hooks.retrying import RetryRules, retry_after_seconds, send_with_retries

RULES = RetryRules(attempts=4, first_wait=0.5, longest_wait=60.0)
REFUSED = requests.ConnectionError(
    MaxRetryError(None, "/", NewConnectionError(None, "refused"))  # type: ignore[arg-type]
)
BROKEN_OFF = requests.ConnectionError(ProtocolError("Connection aborted."))


def answer(status: int, **headers: str) -> requests.Response:
    made = requests.Response()
    made.status_code = status
    made.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return made


class Server:
    """Gives the outcomes one after the other and counts the calls and waits."""

    def __init__(self, *outcomes: requests.Response | Exception) -> None:
        self._outcomes: Iterator[requests.Response | Exception] = iter(outcomes)
        self.calls = 0
        self.waits: list[float] = []

    def send(self) -> requests.Response:
        self.calls += 1
        outcome = next(self._outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def run(self, *, repeatable: bool = True) -> requests.Response:
        return send_with_retries(self.send, rules=RULES, repeatable=repeatable, sleep=self.waits.append)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_passing_trouble_is_waited_for_with_growing_waits(status: int) -> None:
    server = Server(answer(status), answer(status), answer(status), answer(200))
    assert server.run().status_code == 200
    assert server.waits == [0.5, 1.0, 2.0]


def test_the_last_answer_is_given_back_when_the_attempts_are_used_up() -> None:
    server = Server(*(answer(503) for _ in range(4)))
    assert server.run().status_code == 503
    assert server.calls == 4
    assert len(server.waits) == 3


@pytest.mark.parametrize("status", [200, 201, 302, 400, 401, 403, 404, 409, 422, 500])
def test_other_answers_are_final(status: int) -> None:
    server = Server(answer(status))
    assert server.run().status_code == status
    assert server.waits == []


@pytest.mark.parametrize("error", [REFUSED, BROKEN_OFF, requests.ReadTimeout(), requests.ConnectTimeout()])
def test_connection_errors_are_repeated_for_repeatable_calls(error: Exception) -> None:
    assert Server(error, error, answer(200)).run().status_code == 200


def test_the_last_connection_error_is_raised() -> None:
    server = Server(*(REFUSED for _ in range(4)))
    with pytest.raises(requests.ConnectionError):
        server.run()
    assert server.calls == 4


class TestCallsThatMustNotHappenTwice:
    @pytest.mark.parametrize("outcome", [REFUSED, requests.ConnectTimeout(), answer(429), answer(503)])
    def test_they_are_repeated_where_the_server_did_nothing(self, outcome: requests.Response | Exception) -> None:
        assert Server(outcome, answer(200)).run(repeatable=False).status_code == 200

    @pytest.mark.parametrize("error", [BROKEN_OFF, requests.ReadTimeout()])
    def test_they_are_not_repeated_if_the_call_may_have_arrived(self, error: Exception) -> None:
        server = Server(error, answer(200))
        with pytest.raises(type(error)):
            server.run(repeatable=False)
        assert server.calls == 1

    @pytest.mark.parametrize("status", [502, 504])
    def test_nor_if_a_proxy_gave_up(self, status: int) -> None:
        server = Server(answer(status), answer(200))
        assert server.run(repeatable=False).status_code == status
        assert server.calls == 1


class TestRetryAfter:
    def test_a_longer_wait_that_the_server_asks_for_is_kept(self) -> None:
        server = Server(answer(429, Retry_After="7"), answer(200))
        server.run()
        assert server.waits == [7.0]

    def test_a_shorter_one_does_not_shorten_ours(self) -> None:
        server = Server(answer(429, Retry_After="0"), answer(200))
        server.run()
        assert server.waits == [0.5]

    def test_a_server_that_wants_hours_is_not_waited_for(self) -> None:
        server = Server(answer(503, Retry_After="3600"), answer(200))
        assert server.run().status_code == 503
        assert server.calls == 1

    def test_dates_are_understood(self) -> None:
        moment = datetime.now(timezone.utc) + timedelta(seconds=30)
        seconds = retry_after_seconds(format_datetime(moment, usegmt=True))
        assert seconds == pytest.approx(30, abs=3)

    def test_a_date_in_the_past_means_now(self) -> None:
        assert retry_after_seconds("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0

    @pytest.mark.parametrize("value", ["", "soon", "-5", "1.5s"])
    def test_what_cannot_be_read_is_ignored(self, value: str) -> None:
        assert retry_after_seconds(value) is None
