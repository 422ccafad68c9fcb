"""Channels against receivers that listen on this machine: what arrives, and what is said if nobody is there."""

from __future__ import annotations

import email
import email.policy
import json
import re
import socketserver
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from airflow_provider_wfintel.engine.monitoring.service import Link, Message, Receiver
from airflow_provider_wfintel.exceptions import AlertSettingsError, MissingProviderError, RemoteError
from airflow_provider_wfintel.host.channels import CHANNELS, channel_of

pytestmark = pytest.mark.integration

FIRING = Message(
    key="k1",
    incident="i1",
    kind="firing",
    severity="error",
    title="task failed: orders.load <& more>",
    lines=("task failed: orders.load: The disk is full.",),
    since="Since 2026-03-02 06:00:00 UTC (3 min).",
    links=(Link("orders r1 load", "http://airflow/dags/orders/runs/r1/tasks/load"),),
    dag_ids=("orders",),
)
OVER = Message(key="k2", incident="i1", kind="resolved", severity="info", title="Over: task failed: orders.load")


class Inbox:
    """An HTTP server that keeps what it gets."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], Any]] = []
        self.status = 202
        self.location = ""
        inbox = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                inbox.got.append((self.path, dict(self.headers), json.loads(body)))
                answer = b'{"status": "success", "dedup_key": "i1", "result": "ok", "took": 0.1, "requestId": "r"}'
                self.send_response(inbox.status)
                self.send_header("Content-Type", "application/json")
                if inbox.location:
                    self.send_header("Location", inbox.location)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args: Any) -> None:
                """Nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    inbox = Inbox()
    yield inbox
    inbox.close()


def connect(monkeypatch: pytest.MonkeyPatch, **fields: Any) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_TEAM", json.dumps(fields))


def send(channel: str, message: Message = FIRING, **options: str) -> None:
    receiver = Receiver("team", channel, "team", tuple(sorted(options.items())))
    channel_of(channel).check(receiver)
    channel_of(channel).send(message, receiver)


class TestWebhook:
    def test_all_of_it_as_json_with_its_key(self, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
        connect(monkeypatch, conn_type="http", host=inbox.url, extra={"X-Team": "data"})
        send("webhook", endpoint="hooks/alerts")
        ((path, headers, body),) = inbox.got
        assert path == "/hooks/alerts"
        assert (headers["Idempotency-Key"], headers["X-Team"]) == ("k1", "data")
        assert body == FIRING.as_data()

    @pytest.mark.filterwarnings("ignore::airflow.exceptions.AirflowProviderDeprecationWarning")
    def test_a_refusal_is_an_error(self, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
        connect(monkeypatch, conn_type="http", host=inbox.url)
        inbox.status = 500
        with pytest.raises(Exception, match="500"):
            send("webhook")


class TestSlack:
    def test_answer_first_then_since_when_and_where(self, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
        connect(monkeypatch, conn_type="slackwebhook", password=f"{inbox.url}/services/T/B/x")
        inbox.status = 200
        send("slack")
        ((path, _, body),) = inbox.got
        assert path == "/services/T/B/x"
        assert body["text"] == "[error] task failed: orders.load &lt;&amp; more&gt;"
        head, below = body["blocks"]
        assert "The disk is full." in head["text"]["text"]
        assert "<http://airflow/dags/orders/runs/r1/tasks/load|orders r1 load>" in below["elements"][0]["text"]

    def test_a_refusal_is_an_error(self, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
        connect(monkeypatch, conn_type="slackwebhook", password=f"{inbox.url}/services/T/B/x")
        inbox.status = 503
        with pytest.raises(Exception, match="503"):
            send("slack")
        assert len(inbox.got) == 1


class TestTeams:
    def test_a_card(self, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
        connect(monkeypatch, conn_type="http", password=f"{inbox.url}/workflows/1?sig=secret")
        send("teams")
        ((path, _, body),) = inbox.got
        assert path == "/workflows/1?sig=secret"
        card = body["attachments"][0]["content"]
        assert card["body"][0]["text"].replace("\\", "") == FIRING.subject
        assert card["actions"][0]["url"] == FIRING.links[0].url

    def test_the_address_of_a_webhook_that_fails_is_not_told(
        self, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        connect(monkeypatch, conn_type="http", password=f"{inbox.url}/workflows/1?sig=secret")
        inbox.close()
        with pytest.raises(RemoteError) as caught:
            send("teams")
        assert "secret" not in str(caught.value)

    def test_a_connection_without_an_address_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        connect(monkeypatch, conn_type="http")
        with pytest.raises(RemoteError, match="has no address"):
            send("teams")


HOSTILE = Message(
    key="k3",
    incident="i3",
    kind="firing",
    severity="error",
    title="failed: <!channel> <https://evil.example|log in>\r\nBcc: all@example.com",
    lines=("[pay](https://evil.example) ![](https://evil.example/pixel.png) <script>alert(1)</script>",),
)
"""Text as a task may print it, or as a DAG may be called."""


class TestTextOfOthers:
    """What a message quotes is shown, and is neither a link, an image, a mention nor a header."""

    def test_in_slack(self, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
        connect(monkeypatch, conn_type="slackwebhook", password=f"{inbox.url}/services/T/B/x")
        inbox.status = 200
        send("slack", HOSTILE)
        ((_, _, body),) = inbox.got
        assert "<" not in json.dumps(body)

    def test_in_teams(self, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
        connect(monkeypatch, conn_type="http", password=f"{inbox.url}/x")
        send("teams", HOSTILE)
        ((_, _, body),) = inbox.got
        texts = [block["text"] for block in body["attachments"][0]["content"]["body"]]
        assert len(texts) == 2
        for text in texts:
            assert not re.search(r"(?<!\\)[\[\]<>!*_`]", text), text

    def test_in_a_mail(self, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
        extra = {"disable_tls": True, "disable_ssl": True, "from_email": "airflow@example.com", "timeout": 5}
        connect(monkeypatch, conn_type="smtp", host="127.0.0.1", port=mail_server.server_address[1], extra=extra)
        send("email", HOSTILE, to="ann@example.com")
        ((to, mail),) = mail_server.mails
        assert to == ["ann@example.com"]
        assert mail["Bcc"] is None
        content = mail.get_body(("html",)).get_content()
        assert "<script" not in content
        assert "<img" not in content


class TestRedirects:
    """A webhook's answer must not send the message, and the credentials of its connection, to another address."""

    @pytest.mark.parametrize("status", [301, 302, 307, 308])
    @pytest.mark.parametrize("channel", ["webhook", "teams"])
    def test_they_are_not_followed_and_not_taken_for_a_delivery(
        self, inbox: Inbox, monkeypatch: pytest.MonkeyPatch, channel: str, status: int
    ) -> None:
        other = Inbox()
        try:
            connect(
                monkeypatch, conn_type="http", host=inbox.url, login="ann", password="" if channel == "teams" else "x"
            )
            inbox.status, inbox.location = status, f"{other.url}/stolen"
            with pytest.raises(RemoteError, match=str(status)):
                send(channel)
        finally:
            other.close()
        assert not other.got
        assert len(inbox.got) == 1


class TestForbiddenAddresses:
    """Who may edit a connection but not read the answers of a cloud's metadata service must not read them so."""

    @pytest.mark.parametrize("channel", ["webhook", "teams"])
    def test_they_get_not_a_byte(self, inbox: Inbox, monkeypatch: pytest.MonkeyPatch, channel: str) -> None:
        from airflow_provider_wfintel.host.services import guarded

        # The test's own machine stands for one.
        monkeypatch.setattr(guarded, "is_allowed", lambda _: False)
        connect(monkeypatch, conn_type="http", host=inbox.url)
        with pytest.raises(Exception, match=r"cannot be reached|NotAllowed|never connected to"):
            send(channel)
        assert not inbox.got


class TestPagerDuty:
    @pytest.fixture(autouse=True)
    def without_tls(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The client takes no address without TLS, which the server of these tests has not."""
        import pagerduty

        monkeypatch.setattr(pagerduty.EventsApiV2Client, "url", None)

    def test_an_incident_is_one_there(self, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
        connect(monkeypatch, conn_type="pagerduty_events", password="routing-key")
        send("pagerduty", url=inbox.url)
        send("pagerduty", OVER, url=inbox.url)
        (_, _, first), (_, _, last) = inbox.got
        assert [item["event_action"] for item in (first, last)] == ["trigger", "resolve"]
        assert first["dedup_key"] == last["dedup_key"] == "i1"
        assert first["routing_key"] == "routing-key"
        assert first["payload"]["severity"] == "error"
        assert first["links"][0]["href"] == FIRING.links[0].url

    def test_it_does_not_wait_for_a_server_in_trouble(self, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
        connect(monkeypatch, conn_type="pagerduty_events", password="routing-key")
        inbox.status = 503
        with pytest.raises(Exception, match="503"):
            send("pagerduty", url=inbox.url)
        assert len(inbox.got) == 1


class TestOpsgenie:
    def test_an_incident_is_one_alert_there(self, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
        connect(monkeypatch, conn_type="opsgenie", password="key", host=inbox.url)
        send("opsgenie")
        send("opsgenie", OVER)
        (path, headers, first), (close, _, _) = inbox.got
        assert path == "/v2/alerts"
        assert headers["Authorization"].endswith("key")
        assert (first["alias"], first["priority"]) == ("i1", "P2")
        assert close == "/v2/alerts/i1/close?identifierType=alias"


class MailServer(socketserver.ThreadingTCPServer):
    """Takes mails over SMTP and keeps them."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], Any]] = []
        super().__init__(("127.0.0.1", 0), _Smtp)


class _Smtp(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        to: list[str] = []
        while line := self.rfile.readline():
            command = line.decode().strip()
            if command.upper().startswith("RCPT TO:"):
                to.append(command[8:].strip("<> "))
            if command.upper() == "DATA":
                self.wfile.write(b"354 go on\r\n")
                text = b""
                while (line := self.rfile.readline()) != b".\r\n":
                    text += line
                self.server.mails.append((to, email.message_from_bytes(text, policy=email.policy.default)))
            if command.upper() == "QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 ok\r\n")


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(5)


class TestEmail:
    def test_one_thread_for_an_incident(self, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
        extra = {"disable_tls": True, "disable_ssl": True, "from_email": "airflow@example.com", "timeout": 5}
        connect(monkeypatch, conn_type="smtp", host="127.0.0.1", port=mail_server.server_address[1], extra=extra)
        send("email", to="ann@example.com, bob@example.com")
        send("email", OVER, to="ann@example.com")
        (to, first), (_, last) = mail_server.mails
        assert to == ["ann@example.com", "bob@example.com"]
        assert first["Subject"] == FIRING.subject
        assert first["Message-ID"] == "<k1@wfintel.airflow>"
        assert first["References"] == last["References"]
        body = first.get_body(("html",)).get_content()
        assert "&lt;&amp; more&gt;" in body
        assert 'href="http://airflow/dags/orders/runs/r1/tasks/load"' in body


class TestSettings:
    @pytest.mark.parametrize("channel", [item.name for item in CHANNELS if item.needs_connection])
    def test_a_connection_is_asked_for(self, channel: str) -> None:
        with pytest.raises(AlertSettingsError, match="needs a connection"):
            channel_of(channel).check(Receiver("team", channel))

    def test_options_are_checked(self) -> None:
        with pytest.raises(AlertSettingsError, match="has no option 'room'"):
            channel_of("slack").check(Receiver("team", "slack", "c", (("room", "x"),)))
        with pytest.raises(AlertSettingsError, match="needs the option 'to'"):
            channel_of("email").check(Receiver("team", "email", "c"))
        with pytest.raises(AlertSettingsError, match="no channel 'pigeon'"):
            channel_of("pigeon")

    @pytest.mark.parametrize(
        ("channel", "module"),
        [
            ("slack", "airflow.providers.slack.hooks.slack_webhook"),
            ("email", "airflow.providers.smtp.hooks.smtp"),
            ("pagerduty", "airflow.providers.pagerduty.hooks.pagerduty_events"),
            ("opsgenie", "airflow.providers.opsgenie.hooks.opsgenie"),
        ],
    )
    def test_a_provider_that_is_not_installed_is_named(
        self, monkeypatch: pytest.MonkeyPatch, channel: str, module: str
    ) -> None:
        monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(MissingProviderError) as caught:
            channel_of(channel).send(FIRING, Receiver("team", channel, "team", (("to", "a@b.c"),)))
        assert "pip install apache-airflow-providers-" in caught.value.hint
