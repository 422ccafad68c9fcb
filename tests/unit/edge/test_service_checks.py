"""Looks at services: what is an address, which addresses are never connected to, what a look says."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.troubleshooting.service import diagnose
from airflow_provider_wfintel.host.connections_in_use import names_in
from airflow_provider_wfintel.host.services import check, logins
from airflow_provider_wfintel.host.services.address import address_of
from airflow_provider_wfintel.host.services.connect import NotAllowed, connect, is_allowed


@pytest.fixture
def port() -> Iterator[int]:
    """Somebody listens there, and says nothing."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


@pytest.fixture
def closed() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        return int(server.getsockname()[1])


def connection(**values: Any) -> Any:
    known = {"conn_id": "shop", "conn_type": "none", "host": "", "port": None, "schema": "", "extra_dejson": {}}
    return SimpleNamespace(**{**known, **values})


def look(found: Any, login: Any = None, **more: Any) -> Any:
    return check.check_connection("shop", find=lambda _: found, **more)


@pytest.fixture
def login(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets what trying the login does."""

    def use(attempt: Any) -> None:
        way = logins.Login((), lambda _connection, _seconds: attempt())
        monkeypatch.setattr(check, "login_of", lambda _type: way)

    use(lambda: None)
    return use


class TestAddress:
    @pytest.mark.parametrize(
        ("values", "address"),
        [
            (("db.example.com", 5433, "postgres"), ("db.example.com", 5433)),
            (("db.example.com", None, "postgres"), ("db.example.com", 5432)),
            (("https://api.example.com/v1", None, "http"), ("api.example.com", 443)),
            (("https://user:secret@api.example.com:8443", None, "http"), ("api.example.com", 8443)),
            (("api.example.com", None, "http", "https"), ("api.example.com", 443)),
            (("", None, "kafka", "", {"bootstrap.servers": "k1:9093,k2:9093"}), ("k1", 9093)),
            (("", None, "aws", "", {"endpoint_url": "http://minio:9000"}), ("minio", 9000)),
            (("a:1,b:2", None, "kafka"), ("a", 1)),
            (("", None, "aws"), ("", 0)),
            (("host:99999", None, "none"), ("host", 0)),
        ],
    )
    def test_where_a_connection_leads(self, values: Any, address: tuple[str, int]) -> None:
        assert address_of(*values) == address


class TestConnecting:
    @pytest.mark.parametrize(
        "address",
        [
            "169.254.169.254",
            "fe80::1",
            "fd00:ec2::254",
            "::ffff:169.254.169.254",
            "0.0.0.0",  # noqa: S104 - not bound to
            "::",
            "224.0.0.1",
            "100.100.100.200",
        ],
    )
    def test_metadata_services_and_the_like_are_never_connected_to(self, address: str) -> None:
        assert not is_allowed(address)
        with pytest.raises((NotAllowed, socket.gaierror)):
            connect(address, 80, seconds=0.2)

    @pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "192.168.0.9", "93.184.216.34", "::1", "fd12::1"])
    def test_services_are(self, address: str) -> None:
        assert is_allowed(address)

    @given(st.ip_addresses(v=4))
    def test_an_address_in_ipv6_clothes_is_judged_as_what_it_is(self, address: Any) -> None:
        assert is_allowed(f"::ffff:{address}") == is_allowed(str(address))

    def test_the_time_until_it_stands(self, port: int) -> None:
        assert 0.0 <= connect("localhost", port, seconds=5.0) < 5.0

    def test_nobody_answers(self, closed: int) -> None:
        with pytest.raises(OSError, match=r"refused|reset"):
            connect("127.0.0.1", closed, seconds=5.0)


class TestLook:
    def test_somebody_answers_and_the_login_is_taken(self, port: int, login: Any) -> None:
        login(lambda: (True, "fine"))
        seen = look(connection(host="127.0.0.1", port=port))
        assert (seen.state, seen.message, seen.address) == ("ok", "fine", f"127.0.0.1:{port}")
        assert seen.latency_seconds is not None
        assert seen.login_seconds is not None

    @pytest.mark.parametrize("attempt", [lambda: (False, "password authentication failed"), lambda: 1 / 0])
    def test_the_login_is_refused(self, port: int, login: Any, attempt: Any) -> None:
        login(attempt)
        assert look(connection(host="127.0.0.1", port=port)).state == "refused"

    def test_nobody_knows_how_to_log_in(self, port: int, login: Any) -> None:
        seen = look(connection(host="127.0.0.1", port=port))
        assert (seen.state, seen.login_seconds) == ("ok", None)
        assert look(connection()).state == "unknown"

    def test_nobody_answers_and_then_no_login_is_tried(self, closed: int, login: Any) -> None:
        login(lambda: pytest.fail("a login was tried"))
        seen = look(connection(host="127.0.0.1", port=closed))
        assert (seen.state, seen.latency_seconds, seen.login_seconds) == ("unreachable", None, None)

    def test_a_name_that_nobody_knows(self, login: Any) -> None:
        assert look(connection(host="no-such-host.invalid", port=1)).state == "unreachable"

    def test_a_forbidden_address_is_not_looked_at(self, login: Any) -> None:
        login(lambda: pytest.fail("a login was tried"))
        assert look(connection(host="169.254.169.254", port=80)).state == "unknown"

    def test_a_client_that_hangs_does_not_hold_up_the_others(self, port: int, login: Any) -> None:
        hold = threading.Event()
        login(hold.wait)
        before = time.monotonic()
        seen = look(connection(host="127.0.0.1", port=port), login_seconds=0.2)
        assert time.monotonic() - before < 5.0
        hold.set()
        assert seen.state == "refused"

    def test_secrets_are_not_kept(self, port: int, login: Any) -> None:
        login(lambda: (False, "cannot connect to postgresql://ann:hunter2-hunter2@db/x"))
        assert "hunter2" not in look(connection(host="127.0.0.1", port=port)).message

    def test_a_connection_that_is_not_there(self) -> None:
        class AirflowNotFoundException(Exception):
            pass

        def find(_conn_id: str) -> Any:
            raise AirflowNotFoundException

        assert check.check_connection("shop", find=find).state == "missing"

    def test_many_are_looked_at_in_their_order(self, login: Any) -> None:
        names = [f"c{number}" for number in range(30)]
        seen = check.check_connections(names, find=lambda conn_id: connection(conn_id=conn_id))
        assert [item.conn_id for item in seen] == names
        assert check.check_connections([]) == ()


class TestNamesInDags:
    def test_arguments_dictionaries_calls_and_constants(self) -> None:
        source = """
SHOP = "shop_db"
op = SQLExecuteQueryOperator(task_id="a", conn_id=SHOP, sql="select 1")
HttpHook(http_conn_id="api")
args = {"aws_conn_id": "s3", "other": "no"}
BaseHook.get_connection("plain")
Op(conn_id="{{ var.value.x }}", region="eu", conn_id_of=1)
"""
        assert names_in(source) == {"shop_db", "api", "s3", "plain"}

    @pytest.mark.parametrize("source", ["def (", "", "x" * 600_000, "\x00"])
    def test_what_is_no_python_names_nothing(self, source: str) -> None:
        assert names_in(source) == frozenset()


def test_a_database_that_does_not_answer_is_a_fact_of_the_diagnosis() -> None:
    line = "the database of connection shop_db does not answer (looked at 12:00): Connection refused"
    facts = {"state": "failed", "services_down": [line]}
    found = diagnose("", facts=facts)
    assert any("shop_db does not answer" in sentence for sentence in found.circumstances)
    assert any("shop_db" in item.text for item in found.evidence)
