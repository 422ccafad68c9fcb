"""Stand-ins for clients with a protocol of their own that have no other place: mailboxes, OpenAI, GitHub, Redis, Jira, Pinecone, Drive."""

from __future__ import annotations

import contextlib
from typing import Any

from airflow_provider_wfintel.host.trial.recorder import ClientStandIn, Recorder

__all__ = ["install"]

_MAIL = (
    b"From: sample@example.org\r\nTo: inbox@example.org\r\nSubject: sample\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nsample\r\n'
    b'--b\r\nContent-Type: text/csv; name="sample_1.csv"\r\nContent-Disposition: attachment; filename="sample_1.csv"\r\n\r\n'
    b"id,name,amount\r\n1,sample 1,10.5\r\n--b--\r\n"
)


def install(recorder: Recorder) -> None:
    """Replace what is installed of them."""
    for replace in (_mailbox, _openai, _github, _redis, _jira, _pinecone, _drive):
        with contextlib.suppress(ImportError):
            replace(recorder)


def _mailbox(recorder: Recorder) -> None:
    """A mailbox with one mail that has one attachment, or an empty one."""
    import imaplib

    class Mailbox:
        def __init__(self, host: str = "", *_: Any, **__: Any) -> None:
            self.host = host

        def select(self, mailbox: str = "INBOX", *_: Any, **__: Any) -> tuple[str, list[bytes]]:
            recorder.add("wire", f"imap {self.host}", "select", mailbox)
            return "OK", [b"1"]

        def search(self, charset: Any, *criteria: Any) -> tuple[str, list[bytes]]:
            recorder.add("wire", f"imap {self.host}", "search", criteria)
            return "OK", [b"1" if recorder.has_rows else b""]

        def fetch(self, message_set: Any, message_parts: str) -> tuple[str, list[tuple[bytes, bytes]]]:
            recorder.add("wire", f"imap {self.host}", "fetch", message_set)
            return "OK", [(b"1 (RFC822)", _MAIL)]

        def __getattr__(self, name: str) -> Any:
            if name in ("login", "logout", "close", "noop", "store", "expunge", "copy", "list"):
                return lambda *_, **__: ("OK", [b""])
            raise AttributeError(name)

    from airflow.providers.imap.hooks.imap import MailPart

    # Whatever name is asked for, the attachment has it.
    MailPart.has_equal_name = MailPart.has_matching_name = lambda self, name: bool(name)  # type: ignore[method-assign, assignment, return-value]
    imaplib.IMAP4 = imaplib.IMAP4_SSL = Mailbox  # type: ignore[misc, assignment]


def _openai(recorder: Recorder) -> None:
    from airflow.providers.openai.hooks.openai import OpenAIHook

    def embeddings(self: Any, text: Any, model: str = "", **_: Any) -> list[Any]:
        recorder.add("client", "openai", "create_embeddings", model, text)
        several = isinstance(text, list) and len(text) != 1
        return [[0.0] * 8 for _ in text] if several else [0.0] * 8

    OpenAIHook.create_embeddings = embeddings  # type: ignore[method-assign]


def _github(recorder: Recorder) -> None:
    from airflow.providers.github.hooks.github import GithubHook

    GithubHook.get_conn = lambda self: ClientStandIn(recorder, "github")  # type: ignore[return-value]


def _redis(recorder: Recorder) -> None:
    from airflow.providers.redis.hooks.redis import RedisHook

    answers = {"delete": 1, "set": True, "exists": 1, "publish": 1, "scan_iter": [], "keys": []}
    RedisHook.get_conn = lambda self: ClientStandIn(recorder, "redis", answers=answers)  # type: ignore[return-value]


def _jira(recorder: Recorder) -> None:
    """Two issues on the first page, none after it."""
    from airflow.providers.atlassian.jira.hooks.jira import JiraHook

    def jql(text: str, *_: Any, start: int = 0, **__: Any) -> dict[str, Any]:
        fields = {"summary": "sample", "status": {"name": "Open"}, "assignee": None}
        shown = range(1, 3) if recorder.has_rows and not start else ()
        return {"issues": [{"key": f"SAMPLE-{number}", "fields": fields} for number in shown]}

    answers = {"jql": jql}
    JiraHook.get_conn = lambda self: ClientStandIn(recorder, "jira", answers=answers)  # type: ignore[return-value]


def _pinecone(recorder: Recorder) -> None:
    from airflow.providers.pinecone.hooks.pinecone import PineconeHook

    PineconeHook.pinecone_client = property(lambda self: ClientStandIn(recorder, "pinecone"))  # type: ignore[assignment]


def _drive(recorder: Recorder) -> None:
    from airflow.providers.google.suite.hooks.drive import GoogleDriveHook

    answers: dict[str, Any] = {"files().list().execute()": {"files": []}}
    GoogleDriveHook.get_conn = lambda self: ClientStandIn(recorder, "google drive", answers=answers)
