"""What a channel is, and what all of them need."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.engine.monitoring.service import Message, Receiver
from airflow_provider_wfintel.exceptions import AlertSettingsError, MissingProviderError, RemoteError

if TYPE_CHECKING:
    from airflow.sdk import Connection

__all__ = ["TIMEOUT", "Channel", "connection_of", "missing_provider", "options_of", "post_json", "url_of"]

log = logging.getLogger(__name__)

TIMEOUT = 10.0
"""Seconds that a channel may take to accept a message."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to tell people something.

    Attributes:
        name: as the settings call it.
        needs_connection: whether a receiver must name an Airflow connection.
        options: the options that a receiver may give.
        required: those of them that it must give.
        send: delivers a message. It returns when the other side has taken it and raises an error if not.
    """

    name: str
    send: Callable[[Message, Receiver], None]
    needs_connection: bool = True
    options: tuple[str, ...] = ()
    required: tuple[str, ...] = ()

    def check(self, receiver: Receiver) -> None:
        """See that a receiver can be served, without calling anybody.

        Raises:
            AlertSettingsError: its connection or an option is missing, or an option is not known.
        """
        where, options = f"receiver {receiver.name!r}", options_of(receiver)
        if self.needs_connection and not receiver.connection:
            raise AlertSettingsError(
                f"{where}: the channel {self.name!r} needs a connection",
                hint="give 'connection', the id of an Airflow connection",
            )
        unknown = sorted(set(options) - set(self.options))
        if unknown:
            raise AlertSettingsError(
                f"{where}: the channel {self.name!r} has no option {unknown[0]!r}",
                hint=f"known: {', '.join(self.options) or 'none'}",
            )
        for name in self.required:
            if not options.get(name):
                raise AlertSettingsError(
                    f"{where}: the channel {self.name!r} needs the option {name!r}", hint=f"give options.{name}"
                )


def options_of(receiver: Receiver) -> Mapping[str, str]:
    """The options of a receiver, by name."""
    return dict(receiver.options)


def connection_of(receiver: Receiver) -> Connection:
    """The Airflow connection of a receiver.

    Raises:
        AirflowNotFoundException: there is none of that id.
    """
    from airflow.providers.common.compat.sdk import BaseHook

    connection: Connection = BaseHook.get_connection(receiver.connection)
    return connection


def url_of(connection: Connection) -> str:
    """The address of a webhook: the password if it is a URL, since most such addresses are secrets, else host and path.

    Raises:
        RemoteError: the connection has neither.
    """
    password = (connection.password or "").strip()
    if "://" in password:
        return password
    host = (connection.host or "").strip().rstrip("/")
    if not host:
        raise RemoteError(
            f"the connection {connection.conn_id!r} has no address",
            hint="put the URL of the webhook into its password, or fill in host",
        )
    if "://" not in host:
        scheme = connection.schema if connection.schema in ("http", "https") else "https"
        host = f"{scheme}://{host}" + (f":{connection.port}" if connection.port else "")
    return f"{host}/{password.lstrip('/')}" if password else host


def post_json(url: str, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None) -> None:
    """POST a JSON body.

    Raises:
        RemoteError: no answer in time, or a status that is no success. The address is not told: it may be a secret.
    """
    import requests

    from airflow_provider_wfintel.host.services.guarded import guarded_adapter

    try:
        with requests.Session() as session:
            for scheme in ("http://", "https://"):
                session.mount(scheme, guarded_adapter())
            answer = session.post(
                url, json=dict(body), headers=dict(headers or {}), timeout=TIMEOUT, allow_redirects=False
            )
    except requests.RequestException as error:
        raise RemoteError(
            f"the webhook cannot be reached ({type(error).__name__})", hint="see the connection", retryable=True
        ) from None
    if not 200 <= answer.status_code < 300:
        raise RemoteError(
            f"the webhook answered {answer.status_code} {answer.reason}: {answer.text[:200]}",
            hint="see the connection and the other side",
            retryable=True,
        )


def missing_provider(channel: str, distribution: str) -> MissingProviderError:
    """What to raise where the provider of a channel is not installed."""
    return MissingProviderError(
        f"the channel {channel!r} needs {distribution}",
        hint=f"pip install {distribution}, where alerts are sent from (`airflow wfintel monitor` or the api-server)",
    )
