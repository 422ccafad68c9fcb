"""Do alerts reach people: can the settings be followed, is nothing stuck, and do the channels take a test message?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from airflow_provider_wfintel.app.doctor.line import Check, Line, Scene, fail, ok, warn
from airflow_provider_wfintel.exceptions import WfIntelError

if TYPE_CHECKING:
    from airflow_provider_wfintel.engine.monitoring.service import Message, Receiver
    from airflow_provider_wfintel.store.repositories.checkup import Undelivered

__all__ = ["CHECK", "of_test", "of_undelivered"]

_STUCK = timedelta(minutes=10)


def of_undelivered(found: Iterable[Undelivered]) -> Iterator[Line]:
    """A line for each receiver whose messages do not go out."""
    for item in found:
        said = f"{item.messages} messages for {item.receiver!r} wait since {item.since.isoformat(timespec='seconds')}"
        why = f": {item.last_error[:200]}" if item.last_error else ""
        yield fail(said + why, "see the receiver's connection; `airflow wfintel doctor --send-test` tries it out")


def of_test(receiver: Receiver, message: Message) -> Line:
    """The line about a test message to a receiver, which is really sent."""
    from airflow_provider_wfintel.engine.troubleshooting.service import redact
    from airflow_provider_wfintel.host.channels import channel_of

    try:
        channel_of(receiver.channel).send(message, receiver)
    except WfIntelError as error:
        return fail(f"{receiver.name!r} ({receiver.channel}) took no message: {redact(error.message)}", error.hint)
    except Exception as error:  # whatever a channel raises is what is wrong with it
        said = f"{receiver.name!r} ({receiver.channel}) took no message: {type(error).__name__}: {redact(str(error))}"
        return fail(said[:400], "see its connection")
    return ok(f"{receiver.name!r} ({receiver.channel}) has taken a test message")


def _look(scene: Scene) -> Iterator[Line]:
    from airflow_provider_wfintel.app.alerting.settings import SettingsSource
    from airflow_provider_wfintel.store.repositories.checkup import Checkup

    with scene.sessions() as session:
        try:
            settings = SettingsSource(scene.settings.alerts_file).now(session)
        except WfIntelError as error:
            yield fail(error.message, error.hint)
            return
        stuck = list(of_undelivered(Checkup(session).undelivered(scene.clock() - _STUCK)))
    yield from stuck
    if scene.send_test:
        for receiver in settings.receivers:
            yield of_test(receiver, _message(scene))
    names = ", ".join(item.name for item in settings.receivers)
    if not settings.receivers:
        yield warn("no receiver: nobody would hear of an alert", "name one in [wfintel] alerts_file")
    elif not stuck and not scene.send_test:
        yield ok(f"{len(settings.rules)} rules, receivers: {names}; no message is stuck")


def _message(scene: Scene) -> Message:
    from airflow_provider_wfintel.engine.monitoring.service import Message

    now = scene.clock().isoformat(timespec="seconds")
    return Message(
        key=f"doctor-{now}",
        incident=f"doctor-{now}",
        kind="firing",
        severity="info",
        title="Test message of `wfintel doctor`",
        lines=("Nothing is wrong: somebody tried out whether this channel works.",),
        since=now,
    )


CHECK = Check("alerts", _look)
