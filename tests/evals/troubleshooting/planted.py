"""Logs with secrets in them, made from forms and a fixed seed."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Iterator
from typing import Any

__all__ = ["planted_logs"]

SEED = 20
PER_FORM = 6
FAILURE = "psycopg2.OperationalError: connection to server failed: Connection refused"
FORMS = (
    "connecting to postgresql://etl:{}@dwh:5432/shop",
    "psycopg2.OperationalError: could not connect to postgresql://etl:{}@dwh/shop: Connection refused",
    "GET https://api.shop.test/v1/orders?api_key={}&page=2 failed: 503 Server Error",
    "Authorization: Bearer {}",
    "Authorization: Basic {}",
    "running: mysql -h erp -u etl -p{} shop",
    "running: sqlcmd -S erp -U etl -P {} -Q x",
    "curl -u etl:{} https://x.test failed: Connection refused",
    "storage: DefaultEndpointsProtocol=https;AccountName=etl;AccountKey={};EndpointSuffix=x",
    "env: DB_PASSWORD={}",
    "config: {{'host': 'x', 'password': '{}'}}",
    "invalid connection string: Server=x;Uid=etl;Pwd={};",
    "aws_secret_access_key = {}",
    "client_secret: {}",
    "https://hooks.slack.com/services/{} answered 404 Not Found",
    "login with token {} failed: 401 Client Error: Unauthorized",
    "java -Djavax.net.ssl.trustStorePassword={} -jar x.jar: exit code 1",
    "--conf spark.hadoop.fs.s3a.secret.key={} --master yarn",
    "jdbc:postgresql://dwh/shop?user=etl&password={}&ssl=true: Connection refused",
    "sftp://etl:{}@edge/in: No such file or directory",
)


def planted_logs() -> Iterator[tuple[str, dict[str, Any] | None, str]]:
    """Logs as text and as lines of JSON, with facts now and then, and the secret that each of them holds."""
    chance = random.Random(SEED)  # noqa: S311 - a fixed seed, nothing secret
    letters = string.ascii_letters + string.digits + "-_"
    for form in FORMS:
        for number in range(PER_FORM):
            secret = chance.choice(string.ascii_letters) + "".join(chance.choices(letters, k=23)) + str(number)
            line = form.format(secret)
            if number % 3 == 0:
                yield f"{line}\n{FAILURE}", None, secret
            elif number % 3 == 1:
                yield json.dumps({"level": "error", "event": line}), {"note": line}, secret
            else:
                detail = [{"exc_type": "RuntimeError", "exc_value": line}]
                yield json.dumps({"level": "error", "event": "failed", "error_detail": detail}), None, secret
