"""A live exception is diagnosed as its log would be."""

from __future__ import annotations

from airflow_provider_wfintel.engine.troubleshooting import service
from airflow_provider_wfintel.engine.troubleshooting.live import document_of_exception


class PartnerError(Exception):
    pass


class Mute(Exception):
    def __str__(self):
        raise ValueError("no words")


def raised(act):
    try:
        act()
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


def wrapped(inner, outer, *, declared=True):
    def act():
        try:
            raise inner
        except Exception as error:
            if declared:
                raise outer from error
            raise outer  # noqa: B904

    return raised(act)


def test_the_declared_cause_is_the_diagnosis():
    error = wrapped(OSError(28, "No space left on device"), PartnerError("export failed"))
    diagnosis = service.diagnose_exception(error)
    assert diagnosis.label == "disk_full"
    assert "No space left on device" in diagnosis.evidence[0].text


def test_depth_and_frames_are_those_of_the_chain():
    error = wrapped(KeyError("a"), PartnerError("b"), declared=False)
    events = document_of_exception(error).events
    assert [(event.depth, event.handled_first) for event in events] == [(1, True), (0, False)]
    assert events[-1].text.endswith("PartnerError: b")
    assert "test_live.py" in events[-1].frames


def test_a_suppressed_context_is_left_out():
    def act():
        try:
            raise KeyError("a")
        except KeyError:
            raise PartnerError("b") from None

    assert len(document_of_exception(raised(act)).events) == 1


def test_a_cycle_of_causes_ends():
    first, second = PartnerError("a"), PartnerError("b")
    first.__cause__, second.__cause__ = second, first
    assert len(document_of_exception(first).events) == 2


def test_an_exception_without_words_is_still_an_exception():
    assert "Mute" in document_of_exception(Mute()).events[0].text


def test_secrets_are_masked():
    error = ConnectionRefusedError("connection to postgresql://etl:Hush-1234@dwh refused: Connection refused")
    assert "Hush-1234" not in repr(service.diagnose_exception(error))
