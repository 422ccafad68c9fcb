"""Secrets leave no trace: whatever form they stand in, they are masked before anything else looks at the text."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.troubleshooting import service
from airflow_provider_wfintel.engine.troubleshooting.redaction import MASK, redact

SECRETS = st.text(string.ascii_letters + string.digits + "_-!%+=~", min_size=8, max_size=40).filter(
    lambda text: any(letter.isdigit() for letter in text) and text[0].isalnum() and text.strip("*") == text
)
FORMS = (
    "postgresql://loader:{}@dwh:5432/shop",
    "redis://:{}@cache:6379/0",
    "password={}",
    "PASSWORD: {}",
    'pwd="{}"',
    "{{'password': '{}', 'host': 'x'}}",
    '{{"client_secret": "{}"}}',
    '{{\\"api_key\\": \\"{}\\"}}',
    "Authorization: Bearer {}",
    "aws_secret_access_key={}",
    "--password {} --host x",
    "--api-key={}",
    "GET /v1/orders?api_key={}&page=2",
    "AccountKey={};EndpointSuffix=core",
    "DB_PASSWORD={}",
    "SharedAccessKey={};Entity=x",
    "mysql -h db -u etl -p{} shop",
    "x-api-key: {}",
    "CREATE USER etl IDENTIFIED BY '{}'",
)


@pytest.mark.parametrize("form", FORMS)
@settings(deadline=None)
@given(secret=SECRETS)
def test_a_secret_is_masked_in_every_usual_form(form, secret):
    text = f"first line\n{form.format(secret)}\nlast line"
    masked = redact(text)
    assert secret not in masked
    assert MASK in masked
    assert masked.startswith("first line\n")
    assert masked.endswith("\nlast line")


@pytest.mark.parametrize(
    "token",
    [
        "AKIA" + "QWERTYUIOP123456",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcDEF123",
        "gh" + "p_0123456789abcdefghij0123456789abcdef",
        "xo" + "xb-1234567890-abcdefghij",
        "sk_" + "live_51HxYzAbCdEf",
        "gl" + "pat-abcdefghij0123456789",
        "dap" + "i0123456789abcdef0123456789abcdef",
    ],
)
def test_tokens_are_known_by_their_shape(token):
    assert token not in redact(f"using {token} for the call")


def test_a_private_key_is_masked_and_its_lines_stay_counted():
    text = "a\n-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAKC\n-----END RSA PRIVATE KEY-----\nb"
    masked = redact(text)
    assert "MIIEow" not in masked
    assert masked.count("\n") == text.count("\n")


@settings(deadline=None)
@given(secret=st.text(string.ascii_letters, min_size=4, max_size=30), around=st.text(max_size=50))
def test_registered_secrets_are_masked_wherever_they_stand(secret, around):
    assert secret not in redact(f"{around}{secret}{around}", [secret]).replace(MASK, "")


@settings(deadline=None)
@given(st.text(max_size=300))
def test_masking_twice_changes_nothing_more_and_keeps_the_lines(text):
    once = redact(text)
    assert once.count("\n") == text.count("\n")
    assert redact(once) == once


@pytest.mark.parametrize(
    "text",
    [
        'password authentication failed for user "loader"',
        "google.auth.exceptions.RefreshError: the access token has expired",
        "botocore.exceptions.NoCredentialsError: Unable to locate credentials",
        "the token is expired",
        "password is incorrect",
        "KeyError: 'task_key'",
        "processed 12 keys, errors 0",
        "could not load credentials: file missing",
    ],
)
def test_messages_about_secrets_stay_readable(text):
    assert redact(text) == text


@settings(deadline=None)
@given(secret=SECRETS)
def test_no_output_of_a_diagnosis_holds_a_secret(secret):
    text = f"psycopg2.OperationalError: connection to postgresql://etl:{secret}@dwh/shop failed: Connection refused"
    diagnosis = service.diagnose(text, {"note": f"password={secret}"})
    assert diagnosis.label == "connection_refused"
    assert secret not in repr(diagnosis)
