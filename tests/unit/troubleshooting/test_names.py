"""The names of errors say what their words say, and numbers of errors mean the same in every language."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.troubleshooting import service
from airflow_provider_wfintel.engine.troubleshooting.names import spelled_names


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("acme.errors.TooManyRequestsError: oh", "too many requests error"),
        ("Caused by: com.acme.SQLSyntaxException: oh", "sql syntax exception"),
        ("acme.HTTPTimeout", "http timeout"),
    ],
)
def test_the_type_of_an_exception_is_read_as_words_where_it_stands(text, words):
    (found,) = spelled_names(text, head=True)
    assert found[0] == words
    assert "".join(words.split()) == text[found[1] : found[2]].lower()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("An error occurred (ThrottlingException) when calling Put", "throttling exception"),
        ("[TABLE_OR_VIEW_NOT_FOUND] a table", "table or view not found"),
        ('{"error": {"code": "QuotaExceeded"}}', "quota exceeded"),
        ("400 no; reason: rateLimitExceeded", "rate limit exceeded"),
    ],
)
def test_codes_inside_a_message_are_read_as_words(text, words):
    assert words in {found[0] for found in spelled_names(text, head=False)}


def test_a_sentence_has_no_names():
    assert not list(spelled_names("The file was not found on the server.", head=False))


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("acme.RateLimitReachedError", "rate_limited"),
        ("acme.InvalidPassword", "bad_credentials"),
        ("acme.sql.NoSuchColumnError", "missing_table_or_column"),
        ("acme.SessionExpiredError", "expired_token"),
        ("acme.WriteConflict", "lock_conflict"),
        ("acme.StorageFullError", "disk_full"),
    ],
)
def test_an_unknown_exception_is_known_by_its_name(kind, label):
    log = f'Traceback (most recent call last):\n  File "/opt/dags/x.py", line 3, in f\n{kind}: 31'
    assert service.diagnose(log).label == label


def test_the_message_outweighs_the_name():
    log = 'Traceback (most recent call last):\n  File "/opt/dags/x.py", line 3, in f\n'
    said = 'acme.InvalidRequest: could not translate host name "db" to address: Name or service not known'
    assert service.diagnose(log + said).label == "dns_failure"


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("pymysql.err.OperationalError: (1205, 'texte inconnu')", "lock_conflict"),
        ("mysql.connector.errors.ProgrammingError: 1146 (42S02): texte inconnu", "missing_table_or_column"),
        (
            "pyodbc.Error: ('42000', '[42000] [Driver][SQL Server]неизвестно (229) (SQLExecDirectW)')",
            "permission_denied",
        ),
        ("oracledb.exceptions.DatabaseError: ORA-12170: 不明", "connection_timeout"),
        ("psycopg2.errors.InvalidCatalogName: FEHLER: gibt es nicht", "missing_table_or_column"),
        ("snowflake.connector.errors.DatabaseError: 390114 (08001): 不明", "expired_token"),
        ("org.postgresql.util.PSQLException: 不明 SQLSTATE: 53300", "too_many_connections"),
    ],
)
def test_a_number_is_known_whatever_the_language_of_its_text(said, label):
    log = 'Traceback (most recent call last):\n  File "/opt/dags/x.py", line 3, in f\n'
    assert service.diagnose(log + said).label == label
