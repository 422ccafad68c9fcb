"""The retry policy decides on live exceptions, says why, and never stands in the way of the failure itself."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

pytest.importorskip("airflow.sdk.definitions.retry_policy")

from airflow.sdk.definitions.retry_policy import RetryAction, RetryPolicy

from airflow_provider_wfintel.policies.diagnosis_retry_policy import DiagnosisRetryPolicy

pytestmark = pytest.mark.integration


def test_what_would_pass_is_retried_with_a_growing_pause():
    policy = DiagnosisRetryPolicy(base_delay=10, max_delay=60)
    error = ConnectionResetError(104, "Connection reset by peer")
    decisions = [policy.evaluate(error, number, 9) for number in (1, 2, 3, 9)]
    assert {decision.action for decision in decisions} == {RetryAction.RETRY}
    assert [decision.retry_delay for decision in decisions] == [timedelta(seconds=n) for n in (10, 20, 40, 60)]
    assert decisions[0].reason.startswith("connection_dropped (")


def test_a_rate_limit_gets_more_time():
    policy = DiagnosisRetryPolicy(base_delay=10)
    limited = policy.evaluate(RuntimeError("429 Client Error: Too Many Requests for url: https://x.test"), 1, 3)
    assert limited.retry_delay == timedelta(seconds=20)


def test_what_would_not_pass_fails_at_once():
    decision = DiagnosisRetryPolicy().evaluate(ModuleNotFoundError("No module named 'geohash'"), 1, 3)
    assert decision.action is RetryAction.FAIL
    assert "geohash" in decision.reason


def test_giving_up_early_can_be_forbidden():
    policy = DiagnosisRetryPolicy(fail_permanent=False)
    assert policy.evaluate(ModuleNotFoundError("No module named 'x'"), 1, 3).action is RetryAction.DEFAULT


@pytest.mark.parametrize("error", [RuntimeError("something went wrong"), KeyError("x"), Exception()])
def test_what_is_not_certain_is_left_to_the_task(error):
    assert DiagnosisRetryPolicy().evaluate(error, 1, 3).action is RetryAction.DEFAULT


def test_a_fault_of_the_policy_itself_is_left_to_the_task(monkeypatch, caplog):
    from airflow_provider_wfintel.engine.troubleshooting import service

    monkeypatch.setattr(service, "diagnose_exception", lambda error: 1 / 0)
    assert DiagnosisRetryPolicy().evaluate(ValueError("x"), 1, 3).action is RetryAction.DEFAULT
    assert "own retry settings apply" in caplog.text


def test_the_reason_holds_no_secret():
    error = ConnectionRefusedError("postgresql://etl:Hush-1234@dwh: Connection reset by peer")
    assert "Hush-1234" not in (DiagnosisRetryPolicy().evaluate(error, 1, 3).reason or "")


def test_it_survives_the_serialized_dag():
    policy = DiagnosisRetryPolicy(retry_confidence=0.6, base_delay=5)
    again = DiagnosisRetryPolicy.deserialize(json.loads(json.dumps(policy.serialize())))
    assert isinstance(again, RetryPolicy)
    assert again.serialize() == policy.serialize()
